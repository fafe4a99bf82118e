<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>yingxun::app::ModelOptions</name>
    <message>
        <source>Use the model in &lt;folder&gt;, or the installed one with that id (“yingxun-cli models” lists them).</source>
        <translation>使用 &lt;文件夹&gt; 中的模型，或以此为 ID 的已安装模型（可用“yingxun-cli models”列出）。</translation>
    </message>
    <message>
        <source>Run the model on &lt;device&gt;: auto, cpu, cuda:0…, mps (default: $YINGXUN_DEVICE, else auto, the fastest one).</source>
        <translation>在 &lt;设备&gt; 上运行模型：auto、cpu、cuda:0……、mps（默认：$YINGXUN_DEVICE，否则为 auto，即最快的设备）。</translation>
    </message>
    <message>
        <source>Compute in &lt;precision&gt;: auto, float32, bfloat16, float16 (default: $YINGXUN_PRECISION, else auto, the fastest that the device has units for).</source>
        <translation>以 &lt;精度&gt; 计算：auto、float32、bfloat16、float16（默认：$YINGXUN_PRECISION，否则为 auto，即设备硬件支持的最快精度）。</translation>
    </message>
    <message>
        <source>Use the weights exactly as published, to compare with a float32 computation. Without it they are rounded to fp16 first, as Chinese-CLIP itself does when it loads a model. Photos are embedded anew for it.</source>
        <translation>按发布的原样使用权重，以便与 float32 的计算结果比较。不加此选项时，权重会先舍入为 fp16，与 Chinese-CLIP 自身加载模型时的做法相同。使用此选项时，照片会重新计算向量。</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Let the model take at most &lt;MiB&gt; of its device's memory (default: $YINGXUN_MEMORY, else what there is).</source>
        <translation>模型最多占用所在设备 &lt;MiB&gt; 内存（默认：$YINGXUN_MEMORY，否则不限制）。</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
</context>
<context>
    <name>yingxun::app::Startup</name>
    <message>
        <source>“%1” is no amount of memory; give whole MiB, 2048 say.</source>
        <translation>“%1”不是有效的内存大小；请填写整数 MiB，例如 2048。</translation>
    </message>
    <message>
        <source>The model does not fit into the memory that it may take on %1: it runs on the CPU.</source>
        <translation>模型在 %1 上可用的内存不足，改在 CPU 上运行。</translation>
    </message>
</context>
<context>
    <name>yingxun::app::Headless</name>
    <message>
        <source>Indexing: %1 of %2 photos, %3 new, %4 unreadable, %5 photos/s</source>
        <translation>正在索引：%1 / %2 张照片，新增 %3，无法读取 %4，每秒 %5 张</translation>
    </message>
    <message>
        <source>Indexed. Name a description with --query to search.</source>
        <translation>索引完成。用 --query 写出描述即可搜索。</translation>
    </message>
    <message>
        <source>Contact sheet: %1</source>
        <translation>缩略图一览：%1</translation>
    </message>
</context>
<context>
    <name>yingxun::app::LibrarySession</name>
    <message numerus="yes">
        <source>%n file(s) are still being written and were left out, such as %1. Run this again when they are whole.</source>
        <translation>
            <numerusform>有 %n 个文件仍在写入，已暂时跳过，例如 %1。请在它们写完后再次运行。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::app::Main</name>
    <message>
        <source>Finds your own photos by a description in Chinese.</source>
        <translation>用中文描述找到您自己的照片。</translation>
    </message>
    <message>
        <source>Search for &lt;description&gt; (needed only without a window).</source>
        <translation>搜索 &lt;描述&gt;（仅在没有窗口时需要）。</translation>
    </message>
    <message>
        <source>description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Index and search in the terminal, as happens where there is no display.</source>
        <translation>在终端中索引和搜索，没有显示器时也是如此。</translation>
    </message>
    <message>
        <source>Write the contact sheet to &lt;file&gt;.</source>
        <translation>把缩略图一览写入 &lt;文件&gt;。</translation>
    </message>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Print at most &lt;number&gt; photos.</source>
        <translation>最多列出 &lt;数目&gt; 张照片。</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数目</translation>
    </message>
    <message>
        <source>Keep the catalogue in &lt;directory&gt;.</source>
        <translation>把目录数据保存在 &lt;目录&gt;。</translation>
    </message>
    <message>
        <source>directory</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Folders to add to the library; the first time without: the Pictures folder.</source>
        <translation>要加入照片库的文件夹；首次不写则为“图片”文件夹。</translation>
    </message>
    <message>
        <source>Yingxun cannot start: %1</source>
        <translation>影寻无法启动：%1</translation>
    </message>
    <message>
        <source>The system&apos;s matrix library is the slow reference BLAS. Indexing gets some 50 times faster with: sudo apt install libopenblas0-openmp</source>
        <translation>系统的矩阵库是很慢的参考 BLAS。安装后索引会快约 50 倍：sudo apt install libopenblas0-openmp</translation>
    </message>
</context>
<context>
    <name>yingxun::app::cli::Text</name>
    <message>
        <source>Share of the patches that a ViT is not shown (FLIP).</source>
        <translation>不让 ViT 看到的图块比例（FLIP）。</translation>
    </message>
    <message>
        <source>Weight of the teacher&apos;s loss.</source>
        <translation>教师模型损失的权重。</translation>
    </message>
    <message>
        <source>Imitate the image embeddings of the &lt;model&gt;, too.</source>
        <translation>同时模仿 &lt;model&gt; 的图像嵌入。</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Compute again in the backward pass instead of keeping; saves memory.</source>
        <translation>反向传播时重新计算而不保留中间结果；节省内存。</translation>
    </message>
    <message>
        <source>What begins with a dash and is no option goes after --, so: %1</source>
        <translation>以短横线开头而又不是选项的内容，请写在 -- 之后，例如：%1</translation>
    </message>
    <message>
        <source>Show this help.</source>
        <translation>显示此帮助。</translation>
    </message>
    <message>
        <source>Keep the catalogue in &lt;directory&gt;.</source>
        <translation>把目录数据保存在 &lt;目录&gt;。</translation>
    </message>
    <message>
        <source>directory</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Print JSON, one object a line.</source>
        <translation>输出 JSON，每行一个对象。</translation>
    </message>
    <message>
        <source>--%1 must be a number from %2 to %3.</source>
        <translation>--%1 必须是 %2 到 %3 之间的数。</translation>
    </message>
    <message>
        <source>Text to image: %1</source>
        <translation>以文搜图：%1</translation>
    </message>
    <message>
        <source>Image to text: %1</source>
        <translation>以图搜文：%1</translation>
    </message>
    <message>
        <source>Scores a model: “retrieval PREFIX” by recall between texts and pictures, “zeroshot PREFIX” or “zeroshot FOLDER” (a folder for each class) by sorting pictures among class names, “everyday QUERIES FOLDER” by the share of right photos among the first answers to queries (a file of query, tab, right photos separated by |), “quality PREFIX” by how well clean pictures can be told from poor copies (50 is chance), “cutoff PREFIX” by precision and recall of where a search stops, beside the best single threshold.</source>
        <translation>为模型评分：“retrieval 前缀”按文本与图片之间的召回率，“zeroshot 前缀”或“zeroshot 文件夹”（每类一个文件夹）按在类别名称中归类图片，“everyday 查询文件 文件夹”按查询的前几个结果中正确照片的比例（文件每行为：查询、制表符、以 | 分隔的正确照片），“quality 前缀”按清晰图片与其劣质副本能被区分的程度（50 为随机），“cutoff 前缀”按搜索自动截止处的精确率和召回率，并与最佳的单一阈值相比。</translation>
    </message>
    <message>
        <source>zeroshot: &lt;file&gt; of picture id, tab, class.</source>
        <translation>zeroshot：&lt;文件&gt; 每行为图片编号、制表符、类别。</translation>
    </message>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>zeroshot: &lt;file&gt; of class, tab, names separated by commas. With FOLDER: of one name a line, in the order of the folders&apos; names (else its label_cn.txt).</source>
        <translation>zeroshot：类别、制表符、以逗号分隔的名称组成的 &lt;文件&gt;。对文件夹：每行一个名称，依文件夹名的顺序（不写则用其中的 label_cn.txt）。</translation>
    </message>
    <message>
        <source>zeroshot: &lt;file&gt; of sentences, {} standing for the name, or “standard” for those that come with the program, which FOLDER has anyway.</source>
        <translation>zeroshot：由句子组成的 &lt;文件&gt;，{} 代表名称；写“standard”则用程序自带的句子，评文件夹时默认用它们。</translation>
    </message>
    <message>
        <source>cutoff: &lt;file&gt; of descriptions, one a line, of what is in none of the pictures.</source>
        <translation>cutoff：&lt;文件&gt; 每行一个描述，描述所有图片中都没有的东西。</translation>
    </message>
    <message>
        <source>retrieval, zeroshot, everyday, quality or cutoff</source>
        <translation>retrieval、zeroshot、everyday、quality 或 cutoff</translation>
    </message>
    <message>
        <source>PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl</source>
        <translation>前缀，即 前缀_imgs.tsv 与 前缀_texts.jsonl</translation>
    </message>
    <message>
        <source>Name the task and its data: “retrieval PREFIX”, “zeroshot PREFIX --labels FILE --classes FILE”, “zeroshot FOLDER”, “quality PREFIX”, “cutoff PREFIX” or “everyday QUERIES FOLDER”.</source>
        <translation>请给出任务及其数据：“retrieval 前缀”、“zeroshot 前缀 --labels 文件 --classes 文件”、“zeroshot 文件夹”、“quality 前缀”、“cutoff 前缀”或“everyday 查询文件 文件夹”。</translation>
    </message>
    <message>
        <source>%1 of %2 photos, %3 new, %4 unreadable, %5 photos/s</source>
        <translation>%1 / %2 张照片，新增 %3，无法读取 %4，每秒 %5 张</translation>
    </message>
    <message>
        <source>Indexes folders. Photos that are known and unchanged are not opened.</source>
        <translation>索引文件夹。已知且未改动的照片不会再打开。</translation>
    </message>
    <message>
        <source>Open all files again that could not be read.</source>
        <translation>重新打开所有无法读取的文件。</translation>
    </message>
    <message>
        <source>Take out of the library all photos that have gone from the disk, however many they are.</source>
        <translation>从照片库中移除所有已从磁盘消失的照片，不论多少。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) have gone from the disk, which is much at once: they stay in the library. Is a disk missing? If not, run this again with --remove-missing.</source>
        <translation>
            <numerusform>一次有 %n 张照片从磁盘消失，数量较多，因此仍保留在照片库中。是不是有磁盘没有接上？如果不是，请加上 --remove-missing 再运行一次。</numerusform>
        </translation>
    </message>
    <message>
        <source>Folders to add to the library; none: the known ones.</source>
        <translation>要加入照片库的文件夹；不写则为已有的文件夹。</translation>
    </message>
    <message>
        <source>The library has no folders yet. Name one to add it.</source>
        <translation>照片库还没有文件夹。请写出一个来加入。</translation>
    </message>
    <message>
        <source>%1 photos: %2 unchanged, %3 newly embedded, %4 unreadable; %5 s, %6 photos/s</source>
        <translation>%1 张照片：%2 张未改动，%3 张新嵌入，%4 张无法读取；用时 %5 秒，每秒 %6 张</translation>
    </message>
    <message>
        <source>Shows the library, the model and how fast this machine runs it; of photos, what they and the sidecars beside them say: camera, exposure, time, place, keywords.</source>
        <translation>显示照片库、模型以及本机的运行速度；指定照片时，显示照片及其旁的附属文件所记录的内容：相机、曝光、时间、地点、关键词。</translation>
    </message>
    <message>
        <source>Photos of the library to tell of instead.</source>
        <translation>改为显示照片库中这些照片的信息。</translation>
    </message>
    <message>
        <source>%1 is not in the library.</source>
        <translation>%1 不在照片库中。</translation>
    </message>
    <message>
        <source>List the files that could not be read, with the reasons.</source>
        <translation>列出无法读取的文件及原因。</translation>
    </message>
    <message>
        <source>The catalogue cannot be read.</source>
        <translation>无法读取目录数据。</translation>
    </message>
    <message>
        <source>Library: %1</source>
        <translation>照片库：%1</translation>
    </message>
    <message>
        <source>%1 photos, %2 embeddings, %3 labels, %4 unreadable files</source>
        <translation>%1 张照片，%2 个嵌入，%3 个标签，%4 个无法读取的文件</translation>
    </message>
    <message>
        <source>Model: %1 (%2 × %2 pixels, dimension %3, %4)</source>
        <translation>模型：%1（%2 × %2 像素，%3 维，%4）</translation>
    </message>
    <message>
        <source>Matrix products: %1 GFLOP/s</source>
        <translation>矩阵乘法：%1 GFLOP/s</translation>
    </message>
    <message>
        <source>This is the slow reference BLAS. Indexing on the CPU gets some 50 times faster with: sudo apt install libopenblas0-openmp</source>
        <translation>这是很慢的参考 BLAS。安装后在 CPU 上索引会快约 50 倍：sudo apt install libopenblas0-openmp</translation>
    </message>
    <message>
        <source>Prints the photos that match label words, with probabilities over all the words given.</source>
        <translation>列出符合标签词的照片，以及在所给各词之间的概率。</translation>
    </message>
    <message>
        <source>Print photos from this &lt;probability&gt; on.</source>
        <translation>列出不低于此 &lt;概率&gt; 的照片。</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>Also assign the labels to these photos in the library.</source>
        <translation>同时在照片库中给这些照片加上标签。</translation>
    </message>
    <message>
        <source>Label words, in Chinese.</source>
        <translation>中文标签词。</translation>
    </message>
    <message>
        <source>Name at least one label word.</source>
        <translation>请至少写一个标签词。</translation>
    </message>
    <message>
        <source>Usage: yingxun-cli &lt;command&gt; [options]

  index   index folders: find, decode and embed their photos
  search  find photos by a description or by a similar photo
  label   find photos that match label words, and assign labels
  exclude show and edit which files and folders are not indexed
  classify tell which of some labels fits each photo
  embed   write the embeddings of photos and texts
  train   train or fine-tune a model
  eval    score a model on a data set
  bench   measure how long a search takes
  models  list, get and check models
  info    show the library, the model and this machine
  restore put back a daily copy of your labels and stars
  export  write your labels, stars, folders and exclusions to a file
  import  put them back from such a file
  gc      remove what was computed of photos that are gone

yingxun-cli &lt;command&gt; --help explains each.</source>
        <translation>用法：yingxun-cli &lt;命令&gt; [选项]

  index   索引文件夹：查找、解码并嵌入照片
  search  用描述或相似照片查找照片
  label   查找符合标签词的照片，并加上标签
  exclude 查看和修改不索引的文件和文件夹
  classify 判断每张照片符合哪个标签
  embed   输出照片和文本的向量
  train   训练或微调模型
  eval    用数据集给模型评分
  bench   测量一次搜索要多久
  models  列出、获取和校验模型
  info    显示照片库、模型和本机信息
  restore 恢复标签和星级的每日备份
  export  把标签、星级、文件夹和排除规则写入文件
  import  从这样的文件放回
  gc      清除已不在库中的照片的计算结果

每个命令都可用 yingxun-cli &lt;命令&gt; --help 查看说明。</translation>
    </message>
    <message>
        <source>There is no command “%1”.</source>
        <translation>没有命令“%1”。</translation>
    </message>
    <message>
        <source>Prints the photos that match a description, best first, with their cosines, and then those that are possibly related. Filters such as date:2023, label:dog, -format:gif or camera:nikon stand beside it; alone, they list the newest first. A picture is looked for by image:FILE, with words beside it or without.</source>
        <translation>从最符合的开始，列出符合描述的照片及其余弦相似度，然后是可能相关的照片。描述旁边可以写筛选条件，例如 日期:2023、标签:狗、-格式:gif 或 相机:nikon；只有筛选条件时，从最新的照片开始列出。用 图片:文件 按图片查找，旁边可以再写文字。</translation>
    </message>
    <message>
        <source>Possibly related:</source>
        <translation>可能相关</translation>
    </message>
    <message>
        <source>Nothing surely matches this description.</source>
        <translation>没有照片确定符合这个描述。</translation>
    </message>
    <message>
        <source>Print &lt;number&gt; photos, relevant or not (default: at most 20 of those that match).</source>
        <translation>列出 &lt;数目&gt; 张照片，不论是否相关（默认：符合的照片中最多 20 张）。</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数目</translation>
    </message>
    <message>
        <source>Look for photos like &lt;file&gt;, indexed or not.</source>
        <translation>查找与 &lt;文件&gt; 相似的照片，该文件不必已索引。</translation>
    </message>
    <message>
        <source>What is to be seen, in Chinese.</source>
        <translation>用中文描述画面。</translation>
    </message>
    <message>
        <source>Give either a description, --like with a photo, --saved with a name, or --list-saved.</source>
        <translation>请写出描述，或用 --like 指定一张照片，或用 --saved 指定名称，或用 --list-saved。</translation>
    </message>
    <message>
        <source>Go through the data this often.</source>
        <translation>遍历数据的次数。</translation>
    </message>
    <message>
        <source>Stop after so many steps (0: the epochs decide).</source>
        <translation>训练这么多步后停止（0：由轮数决定）。</translation>
    </message>
    <message>
        <source>Pairs of one step.</source>
        <translation>每一步的图文对数。</translation>
    </message>
    <message>
        <source>Parts in which a batch passes the towers, to save memory.</source>
        <translation>一批数据分成几份通过编码塔，以节省内存。</translation>
    </message>
    <message>
        <source>Further texts in each batch, as negatives.</source>
        <translation>每批额外加入的文本，作为负例。</translation>
    </message>
    <message>
        <source>Highest learning rate.</source>
        <translation>最高学习率。</translation>
    </message>
    <message>
        <source>AdamW&apos;s first beta.</source>
        <translation>AdamW 的第一个 beta。</translation>
    </message>
    <message>
        <source>AdamW&apos;s second beta.</source>
        <translation>AdamW 的第二个 beta。</translation>
    </message>
    <message>
        <source>AdamW&apos;s epsilon.</source>
        <translation>AdamW 的 epsilon。</translation>
    </message>
    <message>
        <source>Weight decay.</source>
        <translation>权重衰减。</translation>
    </message>
    <message>
        <source>Steps of rising learning rate.</source>
        <translation>学习率上升的步数。</translation>
    </message>
    <message>
        <source>Train at this picture size (0: the model&apos;s).</source>
        <translation>以此图片尺寸训练（0：模型自身的尺寸）。</translation>
    </message>
    <message>
        <source>Least share of a picture that augmentation keeps.</source>
        <translation>数据增强至少保留的画面比例。</translation>
    </message>
    <message>
        <source>Steps between checkpoints.</source>
        <translation>两次检查点之间的步数。</translation>
    </message>
    <message>
        <source>Of the pseudo-random choices.</source>
        <translation>伪随机选择的种子。</translation>
    </message>
    <message>
        <source>“%1” is not PREFIX or PREFIX*REPEAT.</source>
        <translation>“%1”不是 前缀 或 前缀*重复次数。</translation>
    </message>
    <message>
        <source>The options do not fit; --help explains them.</source>
        <translation>选项不正确；请看 --help。</translation>
    </message>
    <message>
        <source>Start from this model &lt;folder&gt;.</source>
        <translation>从这个模型 &lt;文件夹&gt; 开始。</translation>
    </message>
    <message>
        <source>Write the model and its checkpoint to &lt;folder&gt;; running again goes on.</source>
        <translation>把模型和检查点写入 &lt;文件夹&gt;；再次运行会接着训练。</translation>
    </message>
    <message>
        <source>Take only config.json and vocab.txt from the model folder.</source>
        <translation>只使用模型文件夹中的 config.json 和 vocab.txt。</translation>
    </message>
    <message>
        <source>Train the text tower alone (the first of two stages).</source>
        <translation>只训练文本塔（两个阶段中的第一个）。</translation>
    </message>
    <message>
        <source>Show pictures as they are.</source>
        <translation>不做数据增强。</translation>
    </message>
    <message>
        <source>Take detail from pictures at random, so that data sets cannot be told apart by their quality.</source>
        <translation>随机去除图片的细节，使各数据集无法凭画质区分。</translation>
    </message>
    <message>
        <source>Train on &lt;device&gt;: auto, cpu, cuda:0…, mps (default: $YINGXUN_DEVICE, else auto, the first graphics card, else the processor). A run may go on upon another.</source>
        <translation>在 &lt;设备&gt; 上训练：auto、cpu、cuda:0…、mps（默认：$YINGXUN_DEVICE，否则为 auto，即第一块显卡，没有显卡时为处理器）。中断的训练可以换一个设备继续。</translation>
    </message>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Compute in bfloat16; faster where the device has units for it.</source>
        <translation>以 bfloat16 计算；设备硬件支持时更快。</translation>
    </message>
    <message>
        <source>Write the model as fp16.</source>
        <translation>以 fp16 写出模型。</translation>
    </message>
    <message>
        <source>Data sets: PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl, or PREFIX*REPEAT to show its pictures more often.</source>
        <translation>数据集：前缀，即 前缀_imgs.tsv 与 前缀_texts.jsonl；或 前缀*重复次数，使其图片出现得更多。</translation>
    </message>
    <message>
        <source>Trains a model with the symmetric contrastive loss on data in the Chinese-CLIP layout.</source>
        <translation>用 Chinese-CLIP 格式的数据，以对称对比损失训练模型。</translation>
    </message>
    <message>
        <source>Name --model, --output and at least one data set.</source>
        <translation>请写明 --model、--output 和至少一个数据集。</translation>
    </message>
    <message>
        <source>step %1 of %2, epoch %3, loss %4, accuracy %5, scale %6, %7 pictures/s, %8 min left</source>
        <translation>第 %1 / %2 步，第 %3 轮，损失 %4，准确率 %5，缩放 %6，每秒 %7 张，剩余 %8 分钟</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) could not be read and were left out.</source>
        <translation>
            <numerusform>有 %n 张图片无法读取，已略过。</numerusform>
        </translation>
    </message>
    <message>
        <source>Removed: all that was computed of %1 photos (%2 thumbnails, %3 embeddings, %4 bytes)</source>
        <translation>已清除：%1 张照片的所有计算结果（%2 个缩略图，%3 个向量，%4 字节）</translation>
    </message>
    <message>
        <source>In embeddings that another Yingxun has open: %1. It removes them at the end of a run of its indexer, at most once a day.</source>
        <translation>位于另一个影寻正在使用的向量文件中：%1。它会在一次索引结束时清除，每天至多一次。</translation>
    </message>
    <message>
        <source>Waiting: %1, the first of them for %2 more days</source>
        <translation>等待清除：%1，最早的一个还有 %2 天</translation>
    </message>
    <message>
        <source>Removes what was computed of photos that left the library %1 days ago: thumbnails, measures and embeddings. “index” does the same once a day. Labels and stars are kept for good.</source>
        <translation>清除 %1 天前离开照片库的照片的计算结果：缩略图、测量值和向量。“index”每天也会这样做一次。标签和星级永久保留。</translation>
    </message>
    <message>
        <source>Remove it at once, however short they have been gone.</source>
        <translation>立即清除，无论照片离开了多久。</translation>
    </message>
    <message>
        <source>“gc” takes no names; it looks through the whole library.</source>
        <translation>“gc”不接受名称；它检查整个照片库。</translation>
    </message>
    <message>
        <source>Nothing was removed: “index” has not yet looked through the whole library since its catalogue was made. Connect the disks of all its folders, or take those that are empty out of it, run “index”, and try again.</source>
        <translation>没有清除任何内容：自目录数据建立以来，“index”还没有完整检查过整个照片库。请接好所有文件夹所在的磁盘，或把空文件夹移出照片库，运行“index”，然后重试。</translation>
    </message>
    <message>
        <source>Lists the daily copies of your labels, stars and folders, or puts one of them back.</source>
        <translation>列出标签、星级和文件夹的每日备份，或恢复其中一份。</translation>
    </message>
    <message>
        <source>Put back the copy of &lt;date&gt; (as listed), or the “latest” that is not damaged. What was there before is kept beside it.</source>
        <translation>恢复 &lt;日期&gt; 的备份（日期见列表），或用“latest”恢复最新的完好备份。原有文件会保留在旁边。</translation>
    </message>
    <message>
        <source>date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>good</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>There is no copy yet; one is made each day on which labels or stars changed.</source>
        <translation>还没有备份；标签或星级有变动的日子，每天会备份一份。</translation>
    </message>
    <message>
        <source>There is no such copy. “yingxun-cli restore” lists those there are.</source>
        <translation>没有这份备份。“yingxun-cli restore”会列出现有的备份。</translation>
    </message>
    <message>
        <source>The copy of %1 is in use again.</source>
        <translation>已恢复 %1 的备份。</translation>
    </message>
    <message>
        <source>What it replaced is kept in %1</source>
        <translation>被替换的文件保留在 %1</translation>
    </message>
    <message>
        <source>“%1” is not in the list; “yingxun-cli exclude” shows it.</source>
        <translation>列表里没有“%1”；用 yingxun-cli exclude 查看列表。</translation>
    </message>
    <message>
        <source>Shows and edits which files and folders are not indexed: patterns for their names, in which * stands for anything and ? for one character, whatever the case of letters; a pattern with / is a path below the folder of the library. A change works from the next “index” on; photos that are left out keep their labels and stars.</source>
        <translation>查看和修改不索引的文件和文件夹：列出名称的模式，* 代表任意内容，? 代表一个字符，不分大小写；含 / 的模式是照片库文件夹之下的路径。修改从下一次 index 起生效；被排除的照片保留标签和星级。</translation>
    </message>
    <message>
        <source>Leave out what fits &lt;pattern&gt;.</source>
        <translation>排除符合 &lt;模式&gt; 的文件和文件夹。</translation>
    </message>
    <message>
        <source>pattern</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Take &lt;pattern&gt; off the list.</source>
        <translation>从列表中去掉 &lt;模式&gt;。</translation>
    </message>
    <message>
        <source>Go back to the default list.</source>
        <translation>恢复默认列表。</translation>
    </message>
    <message>
        <source>Name patterns with --add or --remove.</source>
        <translation>请用 --add 或 --remove 给出模式。</translation>
    </message>
    <message>
        <source>Print JSON, one object a line. A path that is not UTF-8 has its exact bytes in path_base64.</source>
        <translation>输出 JSON，每行一个对象。路径不是 UTF-8 时，path_base64 给出它的原始字节。</translation>
    </message>
    <message>
        <source>%1 is no file. Photos come first, then labels.</source>
        <translation>%1 不是文件。请先写照片，再写标签。</translation>
    </message>
    <message>
        <source>%1 of %2 photos could not be read and have no row.</source>
        <translation>%2 张照片中有 %1 张无法读取，结果里没有它们的行。</translation>
    </message>
    <message>
        <source>%1 of %2 photos, %3 unreadable</source>
        <translation>照片 %1 / %2，%3 张无法读取</translation>
    </message>
    <message>
        <source>%1 pictures could not be read and are not counted.</source>
        <translation>有 %1 张图片无法读取，未计入。</translation>
    </message>
    <message>
        <source>A .npy file holds one array: write photos and texts to a .safetensors file, or each to a .npy file of its own.</source>
        <translation>一个 .npy 文件只有一个数组：请把照片和文本写入 .safetensors 文件，或分别写入各自的 .npy 文件。</translation>
    </message>
    <message>
        <source>Embed &lt;text&gt;; may be repeated.</source>
        <translation>嵌入 &lt;文本&gt;；可多次使用。</translation>
    </message>
    <message>
        <source>Embed each line of &lt;file&gt;; may be repeated.</source>
        <translation>嵌入 &lt;文件&gt; 的每一行；可多次使用。</translation>
    </message>
    <message>
        <source>Embeds photos and texts: rows of length 1, for programs that compare them. Without --output they are printed as JSON, one object a line. Photos are turned upright as their EXIF data says; the reference implementation ignores it.</source>
        <translation>嵌入照片和文本：得到长度为 1 的向量，供其他程序比较。不写 --output 时以 JSON 输出，每行一个对象。照片按 EXIF 信息转正；参考实现不理会这项信息。</translation>
    </message>
    <message>
        <source>Labels, in Chinese: what comes after the last file.</source>
        <translation>标签（中文）：写在最后一个文件之后。</translation>
    </message>
    <message>
        <source>Name at least two labels: each gets its share of the probability.</source>
        <translation>请给出至少两个标签：概率在它们之间分配。</translation>
    </message>
    <message>
        <source>Name photos, or texts with --text or --text-file.</source>
        <translation>请给出照片，或用 --text、--text-file 给出文本。</translation>
    </message>
    <message>
        <source>Name the photos, then the labels: photo.jpg 猫 狗</source>
        <translation>请先写照片，再写标签：photo.jpg 猫 狗</translation>
    </message>
    <message>
        <source>Photos, or folders of photos.</source>
        <translation>照片，或照片所在的文件夹。</translation>
    </message>
    <message>
        <source>Print only the &lt;number&gt; likeliest labels, the best first.</source>
        <translation>只输出概率最大的 &lt;数目&gt; 个标签，从大到小。</translation>
    </message>
    <message>
        <source>Prints how likely each label is for each photo, out of the labels given. Photos are turned upright as their EXIF data says; the reference implementation ignores it.</source>
        <translation>对每张照片输出各个标签在所给标签中的概率。照片按 EXIF 信息转正；参考实现不理会这项信息。</translation>
    </message>
    <message>
        <source>Put the labels into the sentences of &lt;file&gt;, {} standing for the label, or into those that come with the program: “standard”.</source>
        <translation>把标签放进 &lt;文件&gt; 中的句子，{} 代表标签；写“standard”则用程序自带的句子。</translation>
    </message>
    <message>
        <source>Take the labels from &lt;file&gt;, one a line; all that is named on the command line is then a photo.</source>
        <translation>从 &lt;文件&gt; 读取标签，每行一个；此时命令行上写的都是照片。</translation>
    </message>
    <message>
        <source>The output must end in .npy, .safetensors or .jsonl.</source>
        <translation>输出文件名须以 .npy、.safetensors 或 .jsonl 结尾。</translation>
    </message>
    <message>
        <source>Write &lt;file&gt;: .safetensors (tensors img_embedding and text_embedding; paths and texts in its metadata), .npy (one array: of photos or of texts) or .jsonl.</source>
        <translation>写入 &lt;文件&gt;：.safetensors（张量 img_embedding 和 text_embedding，元数据里有路径和文本）、.npy（一个数组：照片或文本）或 .jsonl。</translation>
    </message>
    <message>
        <source>retrieval: score PREFIX_imgs.img_feat.jsonl and PREFIX_texts.txt_feat.jsonl, computed elsewhere, without a model.</source>
        <translation>retrieval：不用模型，给别处算好的 前缀_imgs.img_feat.jsonl 和 前缀_texts.txt_feat.jsonl 评分。</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>%1 of %2 MB</source>
        <translation>%1 / %2 MB</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>needs %1 MB of memory</source>
        <translation>需要 %1 MB 内存</translation>
    </message>
    <message>
        <source>R@1 %1 MUGE, %2 Flickr30K-CN, %3 COCO-CN</source>
        <translation>R@1：MUGE %1，Flickr30K-CN %2，COCO-CN %3</translation>
    </message>
    <message>
        <source>%1 is installed. Use it with: --model %2</source>
        <translation>%1 已安装。使用方法：--model %2</translation>
    </message>
    <message>
        <source>%1: %2 of %3 MB</source>
        <translation>%1：%2 / %3 MB</translation>
    </message>
    <message>
        <source>, %1 MB/s, %2 min left</source>
        <translation>，每秒 %1 MB，还需 %2 分钟</translation>
    </message>
    <message>
        <source>There is no released model “%1”. “yingxun-cli models” lists them.</source>
        <translation>没有名为“%1”的官方模型。“yingxun-cli models”会列出所有官方模型。</translation>
    </message>
    <message>
        <source>What has arrived is kept; the same command goes on from there.</source>
        <translation>已下载的部分会保留；再次运行同一命令即可继续。</translation>
    </message>
    <message>
        <source>Remove the model “%1” (%2 MB)? [y/N]</source>
        <translation>删除模型“%1”（%2 MB）？[y/N]</translation>
    </message>
    <message>
        <source>Say --yes to remove a model without being asked.</source>
        <translation>不询问就删除模型，请加上 --yes。</translation>
    </message>
    <message>
        <source>The model “%1” is removed.</source>
        <translation>模型“%1”已删除。</translation>
    </message>
    <message>
        <source>Lists, gets and checks models. They are kept in the data directory, and --model finds them by their ids.

  models                  list the installed models, and the released ones there are
  models add &lt;path&gt;       add a folder, a checkpoint, or a .tar or .zip of a folder
  models download &lt;id&gt;    get a released model; interrupted, it goes on the next time
  models verify [&lt;id&gt;]    read all files again and compare them
  models remove &lt;id&gt;      delete an installed model
  models forget &lt;id&gt;      delete a model&apos;s embeddings of your photos, by its id or its 32 hex digits (“info” lists them)</source>
        <translation>列出、获取和校验模型。模型保存在数据目录中，--model 可用其 ID 找到它们。

  models                  列出已安装的模型和可下载的官方模型
  models add &lt;路径&gt;       添加文件夹、检查点，或文件夹的 .tar、.zip 包
  models download &lt;ID&gt;    下载官方模型；中断后下次可继续
  models verify [&lt;ID&gt;]    重新读取并校验所有文件
  models remove &lt;ID&gt;      删除已安装的模型
  models forget &lt;ID&gt;      删除某个模型为照片生成的嵌入向量，用其 ID 或 32 位十六进制标识指定（“info”会列出）</translation>
    </message>
    <message>
        <source>Add it as &lt;id&gt;.</source>
        <translation>以 &lt;ID&gt; 为名添加。</translation>
    </message>
    <message>
        <source>id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Download from &lt;source&gt;: huggingface, modelscope, or the address of a mirror of Hugging Face (default: $YINGXUN_MIRROR, else huggingface).</source>
        <translation>从 &lt;来源&gt; 下载：huggingface、modelscope，或 Hugging Face 镜像的网址（默认为 $YINGXUN_MIRROR，未设置时为 huggingface）。</translation>
    </message>
    <message>
        <source>source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Remove without asking.</source>
        <translation>删除时不询问。</translation>
    </message>
    <message>
        <source>One of the above.</source>
        <translation>上面的一种操作。</translation>
    </message>
    <message>
        <source>Its path or id.</source>
        <translation>路径或 ID。</translation>
    </message>
    <message>
        <source>“%1” is not understood; “yingxun-cli models --help” explains what there is.</source>
        <translation>无法理解“%1”；“yingxun-cli models --help”有说明。</translation>
    </message>
    <message>
        <source>This library has no embeddings of “%1”. “yingxun-cli info” lists the models.</source>
        <translation>此图库中没有“%1”的嵌入向量。“yingxun-cli info”会列出各个模型。</translation>
    </message>
    <message>
        <source>Several models are called “%1”. Name one of them by its digits:%2</source>
        <translation>有多个模型名为“%1”。请用其标识指定其中一个：%2</translation>
    </message>
    <message>
        <source>“%1” is the model in use; choose another one first.</source>
        <translation>“%1”是正在使用的模型；请先换用另一个模型。</translation>
    </message>
    <message>
        <source>Delete the %1 embeddings made with “%2”? [y/N]</source>
        <translation>删除由“%2”生成的 %1 个嵌入向量？[y/N]</translation>
    </message>
    <message>
        <source>The embeddings of “%1” are deleted.</source>
        <translation>“%1”的嵌入向量已删除。</translation>
    </message>
    <message>
        <source>Devices: %1</source>
        <translation>可用设备：%1</translation>
    </message>
    <message>
        <source>Models with embeddings of this library:</source>
        <translation>此图库中有嵌入向量的模型：</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>retrieval: through the whole program instead, as people use it: pictures as files in a library made for this, texts as queries.</source>
        <translation>retrieval：改为经过整个程序（与实际使用一样）：图片作为文件进入专为此建立的图库，文本作为查询。</translation>
    </message>
    <message>
        <source>Then go on and print what matches as it is indexed, by another yingxun-cli or the window.</source>
        <translation>然后继续运行，另一个 yingxun-cli 或窗口索引到符合的照片时即时输出。</translation>
    </message>
    <message>
        <source>Writes your labels, stars, saved searches, folders and exclusions to a file, as JSON lines, which “import” and other programs can read; - is standard output.</source>
        <translation>把您的标签、星级、保存的搜索、文件夹和排除规则按每行一个 JSON 写入文件，“import”和其他程序都能读取；- 表示标准输出。</translation>
    </message>
    <message>
        <source>The file to write.</source>
        <translation>要写入的文件。</translation>
    </message>
    <message>
        <source>Name one file, or - .</source>
        <translation>请指定一个文件，或 - 。</translation>
    </message>
    <message>
        <source>Line %1 has a label without a name. Give it one or remove it, and import the file again. Nothing was changed.</source>
        <translation>第 %1 行有一个没有名称的标签。请为它命名或将它删除，然后重新导入此文件。没有改动任何内容。</translation>
    </message>
    <message>
        <source>Line %1 has a saved search named “%2”, as a line before it has. Give one of them another name or remove it, and import the file again. Nothing was changed.</source>
        <translation>第 %1 行的已存搜索“%2”与前面某一行同名。请为其中一个改名或将它删除，然后重新导入此文件。没有改动任何内容。</translation>
    </message>
    <message>
        <source>This is no file of “yingxun-cli export”, or one of a newer Yingxun. Nothing was changed.</source>
        <translation>这不是“yingxun-cli export”写出的文件，或来自更新版本的影寻。没有改动任何内容。</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>Puts labels, stars, saved searches, folders and exclusions back from a file of “export”: to each photo by its content, or by its path where the content is not in the library. What there is already stays; - is standard input.</source>
        <translation>从“export”写出的文件放回标签、星级、保存的搜索、文件夹和排除规则：按照片内容对应，照片库中没有该内容时按路径对应。已有的都会保留；- 表示标准输入。</translation>
    </message>
    <message>
        <source>The file to read.</source>
        <translation>要读取的文件。</translation>
    </message>
    <message>
        <source>Line %1 was left out: it is damaged, or says something that this Yingxun does not know.</source>
        <translation>略过了第 %1 行：它已损坏，或含有此版本影寻不认识的内容。</translation>
    </message>
    <message>
        <source>Put back: labels %1 times, stars %2 times, %3 folders.</source>
        <translation>已放回：标签 %1 次，星级 %2 次，文件夹 %3 个。</translation>
    </message>
    <message>
        <source>Ask the search that is saved as &lt;name&gt;.</source>
        <translation>使用以 &lt;名称&gt; 保存的搜索。</translation>
    </message>
    <message>
        <source>name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Print the saved searches: their names and lines.</source>
        <translation>列出已保存的搜索：名称和搜索内容。</translation>
    </message>
    <message>
        <source>No search is saved as “%1”; “yingxun-cli search --list-saved” shows them.</source>
        <translation>没有以“%1”为名保存的搜索；可用“yingxun-cli search --list-saved”查看。</translation>
    </message>
    <message>
        <source>%1 embeddings of %2 numbers, %3 threads; medians of %4 descriptions:</source>
        <translation>%1 个向量，每个 %2 个数，%3 个线程；%4 条描述的中位数：</translation>
    </message>
    <message>
        <source>“bench search” measures on your own library how long a search takes, beside the time in which this machine can read its embeddings at all, and whether it finds the best ones.</source>
        <translation>“bench search”在您自己的图库上测量一次搜索要多久，并与本机单是读完这些向量所需的时间相比，同时检查是否找到了最接近的照片。</translation>
    </message>
    <message>
        <source>What is measured.</source>
        <translation>要测量什么。</translation>
    </message>
    <message>
        <source>Say what to measure: “yingxun-cli bench search”.</source>
        <translation>请说明要测量什么：“yingxun-cli bench search”。</translation>
    </message>
    <message>
        <source>There are no photos to search in yet; index some folders first.</source>
        <translation>还没有可供搜索的照片；请先索引一些文件夹。</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>a description into its embedding</source>
        <translation>把描述变成向量</translation>
    </message>
    <message>
        <source>the best %1 of all embeddings</source>
        <translation>从全部向量中找出最接近的 %1 个</translation>
    </message>
    <message>
        <source>only to read a byte a number</source>
        <translation>仅按每个数一字节读一遍</translation>
    </message>
    <message>
        <source>all cosines</source>
        <translation>计算全部余弦</translation>
    </message>
</context>
<context>
    <name>yingxun::services::QueryErrorText</name>
    <message>
        <source>Something is missing here: what is to be looked for.</source>
        <translation>这里缺少要查找的内容。</translation>
    </message>
    <message>
        <source>“%1” is not a value that this can have.</source>
        <translation>“%1”不是这里可用的值。</translation>
    </message>
    <message>
        <source>“%1” is not a weight. Weights go from %2 to %3.</source>
        <translation>“%1”不是权重。权重为 %2 到 %3。</translation>
    </message>
    <message>
        <source>This quote does not end.</source>
        <translation>这个引号没有结束。</translation>
    </message>
    <message>
        <source>This bracket is not closed.</source>
        <translation>这个括号没有闭合。</translation>
    </message>
    <message>
        <source>This bracket closes nothing.</source>
        <translation>这个括号没有对应的左括号。</translation>
    </message>
    <message>
        <source>A filter is missing beside this word.</source>
        <translation>这个词旁边缺少筛选条件。</translation>
    </message>
    <message>
        <source>“%1” is a description. Only filters can be alternatives, as in label:a | label:b. Say it of descriptions in words, as in 猫或狗, or look for one after the other.</source>
        <translation>“%1”是描述。只有筛选条件才能用“或”连接，例如：标签:a 或 标签:b。描述之间的“或”请写成一句话，例如：猫或狗；也可以分别搜索。</translation>
    </message>
    <message>
        <source>“%1” is a description. Write - before it to leave its meaning out.</source>
        <translation>“%1”是描述。要排除它的含义，请在前面加 -。</translation>
    </message>
    <message>
        <source>“%1” is a description. Write it outside of the brackets of filters.</source>
        <translation>“%1”是描述。请写在筛选条件的括号之外。</translation>
    </message>
    <message>
        <source>There are too many brackets within each other.</source>
        <translation>括号嵌套太深。</translation>
    </message>
    <message>
        <source>There are more than %1 meanings.</source>
        <translation>描述超过 %1 项。</translation>
    </message>
    <message>
        <source>There is no label “%1”.</source>
        <translation>没有标签“%1”。</translation>
    </message>
    <message>
        <source>There is no folder “%1” in the library.</source>
        <translation>照片库里没有文件夹“%1”。</translation>
    </message>
    <message>
        <source>There is no file “%1”, or it may not be read.</source>
        <translation>没有文件“%1”，或者没有权限读取。</translation>
    </message>
    <message>
        <source>“%1” is not a picture that can be read.</source>
        <translation>“%1”不是可以读取的图片。</translation>
    </message>
    <message>
        <source>“%1” has no words to search for. Say what is to be seen.</source>
        <translation>“%1”里没有可搜索的文字。请描述照片中的内容。</translation>
    </message>
    <message>
        <source>The model knows nothing of “%1”. Try other words, in Chinese.</source>
        <translation>模型不认识“%1”。请换用其他中文词语。</translation>
    </message>
    <message>
        <source>What is looked for is left out again.</source>
        <translation>要查找的内容又被排除了。</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ComputingDialog</name>
    <message>
        <source>Computing</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>Automatic: %1</source>
        <translation>自动：%1</translation>
    </message>
    <message>
        <source>Processor (%1)</source>
        <translation>处理器（%1）</translation>
    </message>
    <message>
        <source>Graphics card (%1)</source>
        <translation>显卡（%1）</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>&amp;Automatic</source>
        <translation>自动(&amp;A)</translation>
    </message>
    <message>
        <source>The fastest that the device has units for.</source>
        <translation>设备硬件支持的最快精度。</translation>
    </message>
    <message>
        <source>The most exact one; takes the most memory on graphics cards.</source>
        <translation>最精确；在显卡上占用内存最多。</translation>
    </message>
    <message>
        <source>Half the memory. For newer graphics cards, and processors with AVX512-BF16 or AMX.</source>
        <translation>内存占用减半。适合较新的显卡，以及带有 AVX512-BF16 或 AMX 的处理器。</translation>
    </message>
    <message>
        <source>Half the memory. For graphics cards only.</source>
        <translation>内存占用减半。仅适用于显卡。</translation>
    </message>
    <message>
        <source>Where the model runs, and the numbers that it computes with. What has been indexed stays; searches go on while the model is loaded anew.</source>
        <translation>模型在哪里运行，以何种精度计算。已建立的索引会保留；重新加载模型期间可以照常搜索。</translation>
    </message>
    <message>
        <source>Now %1 runs on %2, in %3.</source>
        <translation>%1 目前在 %2 上运行，精度为 %3。</translation>
    </message>
    <message>
        <source>The command line or the environment says %1 for this start; that wins over what is chosen here.</source>
        <translation>本次启动时，命令行或环境变量已指定 %1，优先于此处的选择。</translation>
    </message>
    <message>
        <source>Nothing was changed, the model goes on as before: %1</source>
        <translation>未作任何更改，模型照旧运行：%1</translation>
    </message>
    <message>
        <source>No model is loaded yet.</source>
        <translation>还没有加载模型。</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ErrorText</name>
    <message>
        <source>That cannot be done.</source>
        <translation>无法这样做。</translation>
    </message>
    <message>
        <source>It is not there any more.</source>
        <translation>它已经不在了。</translation>
    </message>
    <message>
        <source>It cannot be read or written. Check the disk and its free space.</source>
        <translation>无法读取或写入。请检查磁盘及其剩余空间。</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>文件已损坏。</translation>
    </message>
    <message>
        <source>The file is incomplete.</source>
        <translation>文件不完整。</translation>
    </message>
    <message>
        <source>This kind of file is not supported.</source>
        <translation>不支持这种文件。</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>它太大了。</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>内存不足。</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Something went wrong inside Yingxun.</source>
        <translation>影寻内部出错。</translation>
    </message>
    <message>
        <source>Looked at every minute: this file system, a network share or the like, does not tell what changes. There is nothing you need to do.</source>
        <translation>每分钟查看一次：此文件系统（网络共享等）不会通知有何变化。您无需做任何事。</translation>
    </message>
    <message>
        <source>Looked at every minute: it has more directories than the system watches. To see changes at once, raise the limit: %1</source>
        <translation>每分钟查看一次：其中的目录数超过了系统可监视的上限。若要立即看到变化，请提高上限：%1</translation>
    </message>
    <message>
        <source>Looked at every minute: other programs use all watchers that the system gives out. To see changes at once, close some of them, or raise the limit: %1</source>
        <translation>每分钟查看一次：系统提供的监视器已被其他程序用尽。若要立即看到变化，请关闭其中一些程序，或提高上限：%1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>This library can only be read here.</source>
        <translation>这个图库在这里只能读取。</translation>
    </message>
    <message>
        <source>Stopped. What has arrived is kept; the next download goes on from there.</source>
        <translation>已停止。已下载的部分会保留，下次从那里继续。</translation>
    </message>
    <message>
        <source>This source does not have the model. Choose another source.</source>
        <translation>这个来源没有该模型。请换一个来源。</translation>
    </message>
    <message>
        <source>It cannot be downloaded from there. Check the source&apos;s address.</source>
        <translation>无法从那里下载。请检查来源的地址。</translation>
    </message>
    <message>
        <source>Something other than the model arrived and was thrown away. Choose another source.</source>
        <translation>收到的不是该模型，已丢弃。请换一个来源。</translation>
    </message>
    <message>
        <source>The download broke off. Check the network and the free space, or choose another source; the next try goes on from what has arrived.</source>
        <translation>下载中断。请检查网络和剩余空间，或换一个来源；再次下载会从已下载的部分继续。</translation>
    </message>
    <message>
        <source>Stopped. Nothing was added.</source>
        <translation>已停止，没有添加任何内容。</translation>
    </message>
    <message>
        <source>It was not added. Choose another file or folder.</source>
        <translation>未能添加。请选择其他文件或文件夹。</translation>
    </message>
    <message>
        <source>It was not added. Check that it can be read, and the free space.</source>
        <translation>未能添加。请检查它能否读取，以及剩余空间。</translation>
    </message>
    <message>
        <source>This is no complete model. Copy or pack it again.</source>
        <translation>这不是完整的模型。请重新复制或打包。</translation>
    </message>
    <message>
        <source>The model is damaged. Remove it, and get it again.</source>
        <translation>模型已损坏。请删除后重新获取。</translation>
    </message>
    <message>
        <source>The model was not removed. Try again when no other program uses it.</source>
        <translation>模型未能删除。请在没有其他程序使用它时再试。</translation>
    </message>
    <message>
        <source>This folder is not there now: its disk is not connected, or it was moved. Its photos stay in the library, labels and all, and can still be found.</source>
        <translation>此文件夹目前不在：所在磁盘没有接上，或者已被移走。照片和标签都留在照片库中，仍然可以搜索。</translation>
    </message>
    <message>
        <source>The disk “%1” is not connected. Its photos stay in the library, labels and all, and can still be found.</source>
        <translation>磁盘“%1”没有接上。照片和标签都留在照片库中，仍然可以搜索。</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: its disk is not there now. Connect it and try again.</source>
        <translation>%1 没有移到回收站：所在磁盘没有接上。请接上后再试。</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: it is not there any more. There is nothing you need to do.</source>
        <translation>%1 没有移到回收站：它已经不在了，您无需再做什么。</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: it was changed since it was last looked at. Look at it again, and try again if it is to go.</source>
        <translation>%1 没有移到回收站：它在上次查看之后被改动过。请再看一眼，若仍要删除请重试。</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash, which cannot keep a name that is not UTF-8. Rename it in the file manager and try again.</source>
        <translation>%1 没有移到回收站：回收站无法保存非 UTF-8 的文件名。请在文件管理器中重命名后再试。</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: its folder cannot be written. Give yourself the right to write there and try again.</source>
        <translation>%1 没有移到回收站：所在文件夹不可写入。请取得写入权限后再试。</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: the system has none for its disk, or may not move it. Delete it in the file manager, where that is for good.</source>
        <translation>%1 没有移到回收站：系统没有此磁盘的回收站，或不允许移动它。可在文件管理器中删除，但那样无法恢复。</translation>
    </message>
    <message>
        <source>%1 was not put back: it is no longer in the trash, which was emptied. Take it from a copy, if you have one.</source>
        <translation>%1 没有放回：它已不在回收站中，回收站可能已被清空。如有备份，请从备份中取回。</translation>
    </message>
    <message>
        <source>%1 was not put back: another file is there by now. It stays in the trash; move the other file away and take it from there in the file manager.</source>
        <translation>%1 没有放回：原位置已有另一个文件。它仍在回收站中；请移开那个文件，再用文件管理器取回。</translation>
    </message>
    <message>
        <source>%1 was not put back: its place cannot be written. It stays in the trash; take it from there in the file manager.</source>
        <translation>%1 没有放回：原位置不可写入。它仍在回收站中，请用文件管理器取回。</translation>
    </message>
    <message numerus="yes">
        <source>The same goes, for this or another reason, for %n more file(s).</source>
        <translation>
            <numerusform>另有 %n 个文件因此或因其他原因也未能处理。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ExclusionDialog</name>
    <message>
        <source>What is not indexed</source>
        <translation>不索引的文件和文件夹</translation>
    </message>
    <message>
        <source>Files and folders whose names fit one of these lines are left out. * stands for anything, ? for one character; a line with / is a path below the folder of the library. Photos that are left out keep their labels and stars.</source>
        <translation>名称符合其中一行的文件和文件夹不会被索引。* 代表任意内容，? 代表一个字符；含 / 的一行是照片库文件夹之下的路径。被排除的照片保留标签和星级。</translation>
    </message>
    <message>
        <source>Patterns, one a line</source>
        <translation>模式，每行一个</translation>
    </message>
    <message>
        <source>&amp;Restore defaults</source>
        <translation>恢复默认(&amp;R)</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::FeedbackActions</name>
    <message>
        <source>Results more like this</source>
        <translation>结果多些这样的</translation>
    </message>
    <message>
        <source>Results less like this</source>
        <translation>结果少些这样的</translation>
    </message>
    <message>
        <source>Results as before</source>
        <translation>恢复原来的结果</translation>
    </message>
    <message>
        <source>Search for a description or a picture first: its results can be refined.</source>
        <translation>请先用描述或图片搜索，然后才能调整其结果。</translation>
    </message>
    <message>
        <source>Choose a photo first.</source>
        <translation>请先选择一张照片。</translation>
    </message>
    <message numerus="yes">
        <source>The results are refined by %n photo(s). Escape takes it back.</source>
        <translation>
            <numerusform>已按 %n 张照片调整结果。按 Esc 恢复。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::FeedbackCommand</name>
    <message>
        <source>Refine the results</source>
        <translation>调整结果</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::FolderPanel</name>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>全部照片</translation>
    </message>
    <message>
        <source>Unreadable files</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>%1 (not connected)</source>
        <translation>%1（未连接）</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::HealthLight</name>
    <message>
        <source>Whether the library is current: %1</source>
        <translation>图库是否为最新：%1</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::HealthText</name>
    <message>
        <source>a network share</source>
        <translation>网络共享</translation>
    </message>
    <message>
        <source>too many directories to watch</source>
        <translation>目录太多，无法全部监视</translation>
    </message>
    <message>
        <source>no watchers left</source>
        <translation>监视器已用尽</translation>
    </message>
    <message>
        <source>Cannot be looked into, so changes there are not seen; the photos known from there are kept. Check the permissions and the disk:</source>
        <translation>无法查看以下位置，因此看不到其中的变化；已知的照片会保留。请检查权限和磁盘：</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 处</numerusform>
        </translation>
    </message>
    <message>
        <source>Not yet looked through: what has changed here may be missing until indexing is done. If it was cancelled, choose Library → Look for changes now.</source>
        <translation>尚未全部查看：索引完成之前，这里的变化可能尚未显示。如果索引已取消，请选择“照片库 → 立即检查改动”。</translation>
    </message>
    <message>
        <source>All folders have been looked through, and changes are seen at once.</source>
        <translation>所有文件夹均已查看，有变化会立即看到。</translation>
    </message>
    <message>
        <source>Indexing is paused: new and changed photos wait until you resume it.</source>
        <translation>索引已暂停：新增和更改的照片会等到您继续索引。</translation>
    </message>
    <message>
        <source>Another Yingxun indexes this library; what it finds is shown here as well.</source>
        <translation>另一个影寻正在索引这个图库；它找到的内容也会显示在这里。</translation>
    </message>
    <message>
        <source>The library cannot be written, so nothing new is taken in. Check the permissions of the data directory.</source>
        <translation>图库无法写入，因此不会收入新内容。请检查数据目录的权限。</translation>
    </message>
    <message>
        <source>Current, watched live</source>
        <translation>已是最新，实时监视中</translation>
    </message>
    <message>
        <source>Looked at every %1 s: %2</source>
        <translation>每 %1 秒查看一次：%2</translation>
    </message>
    <message>
        <source>Waiting for a disk that is away</source>
        <translation>正在等待未连接的磁盘</translation>
    </message>
    <message>
        <source>Not yet looked through</source>
        <translation>尚未全部查看</translation>
    </message>
    <message>
        <source>Not current: paused</source>
        <translation>不是最新：已暂停</translation>
    </message>
    <message>
        <source>Kept current elsewhere</source>
        <translation>由另一个影寻保持最新</translation>
    </message>
    <message>
        <source>Not kept current</source>
        <translation>未保持最新</translation>
    </message>
    <message>
        <source>“%1” cannot be read</source>
        <translation>无法读取“%1”</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) cannot be read</source>
        <translation>
            <numerusform>%n 处无法读取</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::LabelCommand</name>
    <message>
        <source>Assign a label</source>
        <translation>加标签</translation>
    </message>
    <message>
        <source>Take a label off</source>
        <translation>去掉标签</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::LabelList</name>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Drag photos onto a label to assign it.</source>
        <translation>把照片拖到标签上即可加上该标签。</translation>
    </message>
    <message>
        <source>%1  (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::LabelPanel</name>
    <message>
        <source>New label</source>
        <translation>新标签</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Rename the label</source>
        <translation>重命名标签</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Delete the label</source>
        <translation>删除标签</translation>
    </message>
    <message numerus="yes">
        <source>Delete the label “%1”? %n photo(s) carry it; the photos stay.</source>
        <translation>
            <numerusform>删除标签“%1”？有 %n 张照片带有它；照片会保留。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::MainWindow</name>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Looks like</source>
        <translation>看起来像</translation>
    </message>
    <message>
        <source>Thumbnail size</source>
        <translation>缩略图大小</translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation>照片库(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Add a folder…</source>
        <translation>添加文件夹(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Remove the folder…</source>
        <translation>移除文件夹(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Look for changes now</source>
        <translation>立即检查改动(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Unreadable files…</source>
        <translation>无法读取的文件(&amp;U)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>搜索(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Describe a photo</source>
        <translation>描述照片(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;More like this photo</source>
        <translation>更多相似照片(&amp;M)</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>Choose a folder at the left first.</source>
        <translation>请先在左侧选择一个文件夹。</translation>
    </message>
    <message>
        <source>Remove the folder</source>
        <translation>移除文件夹</translation>
    </message>
    <message>
        <source>Stop showing the photos of this folder? The files stay where they are, and so do your labels. What was computed of them is kept for %1 days, in case they come back.</source>
        <translation>不再显示此文件夹中的照片？文件和您的标签都会保留。照片的计算结果会保留 %1 天，以备照片重新加入。</translation>
    </message>
    <message>
        <source>Choose a photo first.</source>
        <translation>请先选择一张照片。</translation>
    </message>
    <message>
        <source>This photo is no longer here: it was not rated.</source>
        <translation>这张照片已不在这里，没有评分。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>More like this photo</source>
        <translation>更多相似照片</translation>
    </message>
    <message>
        <source>Assign a label</source>
        <translation>加标签</translation>
    </message>
    <message>
        <source>Take this label off</source>
        <translation>去掉此标签</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Add a folder of photos to begin, with the button at the left or by dropping it there.</source>
        <translation>请先添加一个照片文件夹：点击左侧按钮，或把文件夹拖到那里。</translation>
    </message>
    <message>
        <source>There are no photos here yet.</source>
        <translation>这里还没有照片。</translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>没有找到。</translation>
    </message>
    <message>
        <source>Nothing matches for sure. Possibly related:</source>
        <translation>没有确定符合的照片。可能相关：</translation>
    </message>
    <message>
        <source>Possibly related</source>
        <translation>可能相关</translation>
    </message>
    <message>
        <source>&amp;Rating</source>
        <translation>评分(&amp;R)</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>No stars</source>
        <translation>无星级</translation>
    </message>
    <message>
        <source>What is &amp;not indexed…</source>
        <translation>不索引的文件和文件夹(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Computing…</source>
        <translation>计算(&amp;C)…</translation>
    </message>
    <message>
        <source>Move to the &amp;trash…</source>
        <translation>移到回收站(&amp;T)…</translation>
    </message>
    <message>
        <source>Move to the trash…</source>
        <translation>移到回收站…</translation>
    </message>
    <message>
        <source>This photo is no longer here: it was not moved to the trash.</source>
        <translation>这张照片已不在这里，没有移到回收站。</translation>
    </message>
    <message>
        <source>&amp;Save this search…</source>
        <translation>保存此搜索(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Clear the history</source>
        <translation>清除搜索历史(&amp;C)</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::SearchField</name>
    <message>
        <source>Description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Describe a photo in Chinese, such as 雪地里奔跑的狗</source>
        <translation>描述一张照片，例如：雪地里奔跑的狗</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>保存此搜索</translation>
    </message>
    <message>
        <source>This search is saved.</source>
        <translation>此搜索已保存。</translation>
    </message>
    <message>
        <source>Save this search: it is then found at the left (Ctrl+D).</source>
        <translation>保存此搜索，之后可在左侧找到 (Ctrl+D)。</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::SearchNameDialog</name>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>It needs a name.</source>
        <translation>请输入名称。</translation>
    </message>
    <message>
        <source>Another saved search has this name.</source>
        <translation>已有同名的搜索。</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::SearchPanel</name>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>已保存的搜索</translation>
    </message>
    <message>
        <source>Type what to search for first.</source>
        <translation>请先输入要搜索的内容。</translation>
    </message>
    <message>
        <source>This search is saved already, as “%1”.</source>
        <translation>此搜索已保存为“%1”。</translation>
    </message>
    <message>
        <source>Save the search</source>
        <translation>保存搜索</translation>
    </message>
    <message>
        <source>Rename the saved search</source>
        <translation>重命名已保存的搜索</translation>
    </message>
    <message>
        <source>Delete the saved search</source>
        <translation>删除已保存的搜索</translation>
    </message>
    <message>
        <source>Delete the saved search “%1”? The photos stay.</source>
        <translation>删除已保存的搜索“%1”？照片会保留。</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::MessageLine</name>
    <message>
        <source>No model could be loaded, so photos are neither searched for nor indexed: %1 Choose another model under Library → Models…, or another device under Library → Computing….</source>
        <translation>无法加载模型，因此不能搜索，也不能索引照片：%1请在“照片库 → 模型…”中另选一个模型，或在“照片库 → 计算…”中另选设备。</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::MissingLine</name>
    <message>
        <source>Remove them</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Take them out of the library; their labels and stars are kept</source>
        <translation>从照片库中移除；标签和星级仍会保留</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Leave them in the library, in case that a disk comes back</source>
        <translation>留在照片库中，以防是磁盘没有接上</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) have gone from the disk all at once. They stay in the library until you decide.</source>
        <translation>
            <numerusform>一次有 %n 张照片从磁盘消失。在您决定之前，它们会留在照片库中。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ModelRow</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1, %2/s</source>
        <translation>%1，每秒 %2</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n minute(s) left</source>
        <translation>
            <numerusform>%1，剩余约 %n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, less than a minute left</source>
        <translation>%1，剩余不到一分钟</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Reads all its files again, and compares them with what they were.</source>
        <translation>重新读取它的全部文件，并与原来的内容比对。</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>入门模型</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Being added</source>
        <translation>正在添加</translation>
    </message>
    <message>
        <source>Being verified</source>
        <translation>正在校验</translation>
    </message>
    <message>
        <source>Being removed</source>
        <translation>正在删除</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Part of the program</source>
        <translation>程序自带</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Not here; %1 of %2 have arrived</source>
        <translation>未安装，已下载 %1 / %2</translation>
    </message>
    <message>
        <source>Not here</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>MUGE %1</source>
        <translation>MUGE %1</translation>
    </message>
    <message>
        <source>Flickr30K-CN %1</source>
        <translation>Flickr30K-CN %1</translation>
    </message>
    <message>
        <source>COCO-CN %1</source>
        <translation>COCO-CN %1</translation>
    </message>
    <message>
        <source>Memory: %1</source>
        <translation>内存：%1</translation>
    </message>
    <message>
        <source>Size: %1</source>
        <translation>大小：%1</translation>
    </message>
    <message>
        <source>A small model to begin with.</source>
        <translation>供入门使用的小模型。</translation>
    </message>
    <message>
        <source>Use another model first.</source>
        <translation>请先改用其他模型。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a model, and what the button does</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a model, and what is being done</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ModelSourceField</name>
    <message>
        <source>Another address</source>
        <translation>其他地址</translation>
    </message>
    <message>
        <source>Address of a mirror of Hugging Face</source>
        <translation>Hugging Face 镜像的地址</translation>
    </message>
    <message>
        <source>&amp;Download from:</source>
        <translation>下载来源(&amp;D)：</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>A better model finds more, and needs more memory and time. The numbers are the publisher&apos;s: how often, in percent, the right picture is the first result for a Chinese description in three test collections.</source>
        <translation>更好的模型能找到更多照片，但需要更多内存和时间。表中数字由发布者公布：在三个测试集中，用中文描述搜索时第一个结果就是正确图片的百分比。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a model, and what became of it</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>&amp;Add from file or folder…</source>
        <translation>从文件或文件夹添加(&amp;A)…</translation>
    </message>
    <message>
        <source>A &amp;file (.pt, .tar, .zip)…</source>
        <translation>文件（.pt、.tar、.zip）(&amp;F)…</translation>
    </message>
    <message>
        <source>A f&amp;older…</source>
        <translation>文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>Adding a model</source>
        <translation>正在添加模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel adding</source>
        <translation>取消添加</translation>
    </message>
    <message>
        <source>%1 is here. “Use” switches to it.</source>
        <translation>%1 已就绪，点“使用”即可切换。</translation>
    </message>
    <message>
        <source>%1 is in order: every file is what it was when it came.</source>
        <translation>%1 完好：所有文件都与获取时一致。</translation>
    </message>
    <message>
        <source>%1 was removed.</source>
        <translation>已删除 %1。</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Models (*.pt *.safetensors *.bin *.tar *.tar.gz *.zip)</source>
        <translation>模型 (*.pt *.safetensors *.bin *.tar *.tar.gz *.zip)</translation>
    </message>
    <message>
        <source>Remove the model</source>
        <translation>删除模型</translation>
    </message>
    <message>
        <source>Remove %1? Its files are deleted; your photos, labels and what it has indexed stay.</source>
        <translation>要删除 %1 吗？它的文件会被删除；您的照片、标签以及它已建立的索引都会保留。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoBrowser</name>
    <message>
        <source>All photos</source>
        <translation>全部照片</translation>
    </message>
    <message>
        <source>“%1” in %2</source>
        <translation>“%1”，在“%2”中</translation>
    </message>
    <message>
        <source>Photos like %1</source>
        <translation>与 %1 相似的照片</translation>
    </message>
    <message>
        <source>Looks like “%1”</source>
        <translation>看起来像“%1”</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoDelegate</name>
    <message>
        <source>Cannot be read</source>
        <translation>无法读取</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoGrid</name>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoListModel</name>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1
%2 × %3 pixels, %4
%5</source>
        <translation>%1
%2 × %3 像素，%4
%5</translation>
    </message>
    <message>
        <source>%1
Video, %2 × %3 pixels, %4
%5</source>
        <translation>%1
视频，%2 × %3 像素，%4
%5</translation>
    </message>
    <message>
        <source>%1
Its disk is not connected</source>
        <translation>%1
所在磁盘没有接上</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实况</translation>
    </message>
    <message>
        <source>RAW</source>
        <translation>RAW</translation>
    </message>
    <message>
        <source>%1
Together with %2</source>
        <translation>%1
附带 %2</translation>
    </message>
    <message>
        <source>%1
Fits at %2</source>
        <translation>%1
最相符的画面在 %2</translation>
    </message>
    <message>
        <source>Similarity %1, relevance %2%</source>
        <translation>相似度 %1，相关度 %2%</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Similarity %1, of it %2</source>
        <translation>相似度 %1，其中 %2</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoViewer</name>
    <message>
        <source>Large view</source>
        <translation>大图</translation>
    </message>
    <message>
        <source>This photo says nothing of how it was taken.</source>
        <translation>这张照片没有记录拍摄信息。</translation>
    </message>
    <message>
        <source>This photo cannot be read.</source>
        <translation>无法读取这张照片。</translation>
    </message>
    <message>
        <source>%1 is no longer among these photos.</source>
        <translation>%1 已不在这些照片中。</translation>
    </message>
    <message>
        <source>%1   %2 × %3   %4   %5%   %6 of %7</source>
        <translation>%1   %2 × %3   %4   %5%   第 %6 张，共 %7 张</translation>
    </message>
    <message>
        <source>No program on this computer plays this video.</source>
        <translation>这台电脑上没有能播放这段视频的程序。</translation>
    </message>
    <message>
        <source>▶  Play the video: Enter or double click</source>
        <translation>▶  播放视频：按 Enter 或双击</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ProblemsDialog</name>
    <message>
        <source>&amp;Retry</source>
        <translation>重试(&amp;R)</translation>
    </message>
    <message>
        <source>Unreadable files</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>Opens all of them again now.</source>
        <translation>现在重新打开这些文件。</translation>
    </message>
    <message>
        <source>%1
    %2
</source>
        <translation>%1
    %2
</translation>
    </message>
    <message>
        <source>Every file could be read.</source>
        <translation>所有文件都能读取。</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::RatingCommand</name>
    <message>
        <source>Rate</source>
        <translation>评分</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::RestoreQuestion</name>
    <message>
        <source>The file with your labels and stars is damaged.</source>
        <translation>保存标签和星级的文件已损坏。</translation>
    </message>
    <message>
        <source>There is a good copy of %1. Put it back? What was changed since then would be missing; the damaged file is kept beside it.</source>
        <translation>有一份 %1 的完好备份。要恢复吗？此后的改动将会丢失；损坏的文件会保留在旁边。</translation>
    </message>
    <message>
        <source>Put the copy of %1 back</source>
        <translation>恢复 %1 的备份</translation>
    </message>
    <message>
        <source>There is no good copy of it yet. Nothing has been changed.</source>
        <translation>还没有完好的备份。没有改动任何内容。</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::StatusPanel</name>
    <message>
        <source>Indexing progress</source>
        <translation>索引进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>The model that understands your descriptions, and where it runs.</source>
        <translation>理解您描述的模型，以及它运行的设备。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Paused at %1 of %2</source>
        <translation>已暂停：%1 / %2</translation>
    </message>
    <message>
        <source>Indexing %1 of %2</source>
        <translation>正在索引 %1 / %2</translation>
    </message>
    <message>
        <source>%1, %2 photos/s</source>
        <translation>%1，每秒 %2 张</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n minute(s) left</source>
        <translation>
            <numerusform>%1，剩余约 %n 分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, less than a minute left</source>
        <translation>%1，剩余不到一分钟</translation>
    </message>
    <message>
        <source>Another Yingxun is indexing this library; this window only reads</source>
        <translation>另一个影寻正在索引这个图库；此窗口只读取</translation>
    </message>
    <message>
        <source>This library cannot be written; this window only reads</source>
        <translation>这个图库无法写入；此窗口只读取</translation>
    </message>
    <message>
        <source>Keep the model that is in use</source>
        <translation>继续使用当前模型</translation>
    </message>
    <message>
        <source>Loading %1; searches still use the model before</source>
        <translation>正在加载 %1，搜索仍用原模型</translation>
    </message>
    <message>
        <source>Preparing photos for %1: %2 of %3; searches still use the model before</source>
        <translation>正在为 %1 准备照片：%2 / %3，搜索仍用原模型</translation>
    </message>
    <message>
        <source>The model is being loaded; searches and new photos wait for it</source>
        <translation>正在加载模型；搜索和新照片会等它加载好</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::TrashCommand</name>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::TrashQuestion</name>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message numerus="yes">
        <source>Move %n photo(s) to the trash?</source>
        <translation>
            <numerusform>把 %n 张照片移到回收站？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) go along that are one with them: raw files, or the films of Live Photos.</source>
        <translation>
            <numerusform>同属一张照片的 %n 个文件（RAW 原片或实况照片的短片）会一起移走。</numerusform>
        </translation>
    </message>
    <message>
        <source>Sidecars (.xmp) go along. Labels and stars are kept, and undoing this puts everything back.</source>
        <translation>附属文件（.xmp）会一起移走。标签和星级会保留；撤销即可全部放回。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ZeroShotPanel</name>
    <message>
        <source>Words such as 狗、猫、海滩</source>
        <translation>输入词语，例如：狗、猫、海滩</translation>
    </message>
    <message>
        <source>Label words</source>
        <translation>标签词</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>匹配</translation>
    </message>
    <message>
        <source>Least probability</source>
        <translation>最低概率</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1  (not understood)</source>
        <translation>%1（不认识）</translation>
    </message>
    <message>
        <source>%1  (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
</TS>
