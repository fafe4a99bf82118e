<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>yingxun::app::ModelOptions</name>
    <message>
        <source>Use the model in &lt;folder&gt;, or the installed one with that id (“yingxun-cli models” lists them).</source>
        <translation>Use the model in &lt;folder&gt;, or the installed one with that id (“yingxun-cli models” lists them).</translation>
    </message>
    <message>
        <source>Run the model on &lt;device&gt;: auto, cpu, cuda:0…, mps (default: $YINGXUN_DEVICE, else auto, the fastest one).</source>
        <translation>Run the model on &lt;device&gt;: auto, cpu, cuda:0…, mps (default: $YINGXUN_DEVICE, else auto, the fastest one).</translation>
    </message>
    <message>
        <source>Compute in &lt;precision&gt;: auto, float32, bfloat16, float16 (default: $YINGXUN_PRECISION, else auto, the fastest that the device has units for).</source>
        <translation>Compute in &lt;precision&gt;: auto, float32, bfloat16, float16 (default: $YINGXUN_PRECISION, else auto, the fastest that the device has units for).</translation>
    </message>
    <message>
        <source>Use the weights exactly as published, to compare with a float32 computation. Without it they are rounded to fp16 first, as Chinese-CLIP itself does when it loads a model. Photos are embedded anew for it.</source>
        <translation>Use the weights exactly as published, to compare with a float32 computation. Without it they are rounded to fp16 first, as Chinese-CLIP itself does when it loads a model. Photos are embedded anew for it.</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>folder</translation>
    </message>
    <message>
        <source>device</source>
        <translation>device</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>precision</translation>
    </message>
    <message>
        <source>Let the model take at most &lt;MiB&gt; of its device's memory (default: $YINGXUN_MEMORY, else what there is).</source>
        <translation>Let the model take at most &lt;MiB&gt; of its device's memory (default: $YINGXUN_MEMORY, else what there is).</translation>
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
        <translation>“%1” is no amount of memory; give whole MiB, 2048 say.</translation>
    </message>
    <message>
        <source>The model does not fit into the memory that it may take on %1: it runs on the CPU.</source>
        <translation>The model does not fit into the memory that it may take on %1: it runs on the CPU.</translation>
    </message>
</context>
<context>
    <name>yingxun::app::Headless</name>
    <message>
        <source>Indexing: %1 of %2 photos, %3 new, %4 unreadable, %5 photos/s</source>
        <translation>Indexing: %1 of %2 photos, %3 new, %4 unreadable, %5 photos/s</translation>
    </message>
    <message>
        <source>Indexed. Name a description with --query to search.</source>
        <translation>Indexed. Name a description with --query to search.</translation>
    </message>
    <message>
        <source>Contact sheet: %1</source>
        <translation>Contact sheet: %1</translation>
    </message>
</context>
<context>
    <name>yingxun::app::LibrarySession</name>
    <message numerus="yes">
        <source>%n file(s) are still being written and were left out, such as %1. Run this again when they are whole.</source>
        <translation>
            <numerusform>%n file is still being written and was left out: %1. Run this again when it is whole.</numerusform>
            <numerusform>%n files are still being written and were left out, such as %1. Run this again when they are whole.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::app::Main</name>
    <message>
        <source>Finds your own photos by a description in Chinese.</source>
        <translation>Finds your own photos by a description in Chinese.</translation>
    </message>
    <message>
        <source>Search for &lt;description&gt; (needed only without a window).</source>
        <translation>Search for &lt;description&gt; (needed only without a window).</translation>
    </message>
    <message>
        <source>description</source>
        <translation>description</translation>
    </message>
    <message>
        <source>Index and search in the terminal, as happens where there is no display.</source>
        <translation>Index and search in the terminal, as happens where there is no display.</translation>
    </message>
    <message>
        <source>Write the contact sheet to &lt;file&gt;.</source>
        <translation>Write the contact sheet to &lt;file&gt;.</translation>
    </message>
    <message>
        <source>file</source>
        <translation>file</translation>
    </message>
    <message>
        <source>Print at most &lt;number&gt; photos.</source>
        <translation>Print at most &lt;number&gt; photos.</translation>
    </message>
    <message>
        <source>number</source>
        <translation>number</translation>
    </message>
    <message>
        <source>Keep the catalogue in &lt;directory&gt;.</source>
        <translation>Keep the catalogue in &lt;directory&gt;.</translation>
    </message>
    <message>
        <source>directory</source>
        <translation>directory</translation>
    </message>
    <message>
        <source>Folders to add to the library; the first time without: the Pictures folder.</source>
        <translation>Folders to add to the library; the first time without: the Pictures folder.</translation>
    </message>
    <message>
        <source>Yingxun cannot start: %1</source>
        <translation>Yingxun cannot start: %1</translation>
    </message>
    <message>
        <source>The system&apos;s matrix library is the slow reference BLAS. Indexing gets some 50 times faster with: sudo apt install libopenblas0-openmp</source>
        <translation>The system&apos;s matrix library is the slow reference BLAS. Indexing gets some 50 times faster with: sudo apt install libopenblas0-openmp</translation>
    </message>
</context>
<context>
    <name>yingxun::app::cli::Text</name>
    <message>
        <source>Share of the patches that a ViT is not shown (FLIP).</source>
        <translation>Share of the patches that a ViT is not shown (FLIP).</translation>
    </message>
    <message>
        <source>Weight of the teacher&apos;s loss.</source>
        <translation>Weight of the teacher&apos;s loss.</translation>
    </message>
    <message>
        <source>Imitate the image embeddings of the &lt;model&gt;, too.</source>
        <translation>Imitate the image embeddings of the &lt;model&gt;, too.</translation>
    </message>
    <message>
        <source>model</source>
        <translation>model</translation>
    </message>
    <message>
        <source>Compute again in the backward pass instead of keeping; saves memory.</source>
        <translation>Compute again in the backward pass instead of keeping; saves memory.</translation>
    </message>
    <message>
        <source>What begins with a dash and is no option goes after --, so: %1</source>
        <translation>What begins with a dash and is no option goes after --, so: %1</translation>
    </message>
    <message>
        <source>Show this help.</source>
        <translation>Show this help.</translation>
    </message>
    <message>
        <source>Keep the catalogue in &lt;directory&gt;.</source>
        <translation>Keep the catalogue in &lt;directory&gt;.</translation>
    </message>
    <message>
        <source>directory</source>
        <translation>directory</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>folder</translation>
    </message>
    <message>
        <source>Print JSON, one object a line.</source>
        <translation>Print JSON, one object a line.</translation>
    </message>
    <message>
        <source>--%1 must be a number from %2 to %3.</source>
        <translation>--%1 must be a number from %2 to %3.</translation>
    </message>
    <message>
        <source>Text to image: %1</source>
        <translation>Text to image: %1</translation>
    </message>
    <message>
        <source>Image to text: %1</source>
        <translation>Image to text: %1</translation>
    </message>
    <message>
        <source>Scores a model: “retrieval PREFIX” by recall between texts and pictures, “zeroshot PREFIX” or “zeroshot FOLDER” (a folder for each class) by sorting pictures among class names, “everyday QUERIES FOLDER” by the share of right photos among the first answers to queries (a file of query, tab, right photos separated by |), “quality PREFIX” by how well clean pictures can be told from poor copies (50 is chance), “cutoff PREFIX” by precision and recall of where a search stops, beside the best single threshold.</source>
        <translation>Scores a model: “retrieval PREFIX” by recall between texts and pictures, “zeroshot PREFIX” or “zeroshot FOLDER” (a folder for each class) by sorting pictures among class names, “everyday QUERIES FOLDER” by the share of right photos among the first answers to queries (a file of query, tab, right photos separated by |), “quality PREFIX” by how well clean pictures can be told from poor copies (50 is chance), “cutoff PREFIX” by precision and recall of where a search stops, beside the best single threshold.</translation>
    </message>
    <message>
        <source>zeroshot: &lt;file&gt; of picture id, tab, class.</source>
        <translation>zeroshot: &lt;file&gt; of picture id, tab, class.</translation>
    </message>
    <message>
        <source>file</source>
        <translation>file</translation>
    </message>
    <message>
        <source>zeroshot: &lt;file&gt; of class, tab, names separated by commas. With FOLDER: of one name a line, in the order of the folders&apos; names (else its label_cn.txt).</source>
        <translation>zeroshot: &lt;file&gt; of class, tab, names separated by commas. With FOLDER: of one name a line, in the order of the folders&apos; names (else its label_cn.txt).</translation>
    </message>
    <message>
        <source>zeroshot: &lt;file&gt; of sentences, {} standing for the name, or “standard” for those that come with the program, which FOLDER has anyway.</source>
        <translation>zeroshot: &lt;file&gt; of sentences, {} standing for the name, or “standard” for those that come with the program, which FOLDER has anyway.</translation>
    </message>
    <message>
        <source>cutoff: &lt;file&gt; of descriptions, one a line, of what is in none of the pictures.</source>
        <translation>cutoff: &lt;file&gt; of descriptions, one a line, of what is in none of the pictures.</translation>
    </message>
    <message>
        <source>retrieval, zeroshot, everyday, quality or cutoff</source>
        <translation>retrieval, zeroshot, everyday, quality or cutoff</translation>
    </message>
    <message>
        <source>PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl</source>
        <translation>PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl</translation>
    </message>
    <message>
        <source>Name the task and its data: “retrieval PREFIX”, “zeroshot PREFIX --labels FILE --classes FILE”, “zeroshot FOLDER”, “quality PREFIX”, “cutoff PREFIX” or “everyday QUERIES FOLDER”.</source>
        <translation>Name the task and its data: “retrieval PREFIX”, “zeroshot PREFIX --labels FILE --classes FILE”, “zeroshot FOLDER”, “quality PREFIX”, “cutoff PREFIX” or “everyday QUERIES FOLDER”.</translation>
    </message>
    <message>
        <source>%1 of %2 photos, %3 new, %4 unreadable, %5 photos/s</source>
        <translation>%1 of %2 photos, %3 new, %4 unreadable, %5 photos/s</translation>
    </message>
    <message>
        <source>Indexes folders. Photos that are known and unchanged are not opened.</source>
        <translation>Indexes folders. Photos that are known and unchanged are not opened.</translation>
    </message>
    <message>
        <source>Open all files again that could not be read.</source>
        <translation>Open all files again that could not be read.</translation>
    </message>
    <message>
        <source>Take out of the library all photos that have gone from the disk, however many they are.</source>
        <translation>Take out of the library all photos that have gone from the disk, however many they are.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) have gone from the disk, which is much at once: they stay in the library. Is a disk missing? If not, run this again with --remove-missing.</source>
        <translation>
            <numerusform>%n photo has gone from the disk, which is much at once: it stays in the library. Is a disk missing? If not, run this again with --remove-missing.</numerusform>
            <numerusform>%n photos have gone from the disk, which is much at once: they stay in the library. Is a disk missing? If not, run this again with --remove-missing.</numerusform>
        </translation>
    </message>
    <message>
        <source>Folders to add to the library; none: the known ones.</source>
        <translation>Folders to add to the library; none: the known ones.</translation>
    </message>
    <message>
        <source>The library has no folders yet. Name one to add it.</source>
        <translation>The library has no folders yet. Name one to add it.</translation>
    </message>
    <message>
        <source>%1 photos: %2 unchanged, %3 newly embedded, %4 unreadable; %5 s, %6 photos/s</source>
        <translation>%1 photos: %2 unchanged, %3 newly embedded, %4 unreadable; %5 s, %6 photos/s</translation>
    </message>
    <message>
        <source>Shows the library, the model and how fast this machine runs it; of photos, what they and the sidecars beside them say: camera, exposure, time, place, keywords.</source>
        <translation>Shows the library, the model and how fast this machine runs it; of photos, what they and the sidecars beside them say: camera, exposure, time, place, keywords.</translation>
    </message>
    <message>
        <source>Photos of the library to tell of instead.</source>
        <translation>Photos of the library to tell of instead.</translation>
    </message>
    <message>
        <source>%1 is not in the library.</source>
        <translation>%1 is not in the library.</translation>
    </message>
    <message>
        <source>List the files that could not be read, with the reasons.</source>
        <translation>List the files that could not be read, with the reasons.</translation>
    </message>
    <message>
        <source>The catalogue cannot be read.</source>
        <translation>The catalogue cannot be read.</translation>
    </message>
    <message>
        <source>Library: %1</source>
        <translation>Library: %1</translation>
    </message>
    <message>
        <source>%1 photos, %2 embeddings, %3 labels, %4 unreadable files</source>
        <translation>%1 photos, %2 embeddings, %3 labels, %4 unreadable files</translation>
    </message>
    <message>
        <source>Model: %1 (%2 × %2 pixels, dimension %3, %4)</source>
        <translation>Model: %1 (%2 × %2 pixels, dimension %3, %4)</translation>
    </message>
    <message>
        <source>Matrix products: %1 GFLOP/s</source>
        <translation>Matrix products: %1 GFLOP/s</translation>
    </message>
    <message>
        <source>This is the slow reference BLAS. Indexing on the CPU gets some 50 times faster with: sudo apt install libopenblas0-openmp</source>
        <translation>This is the slow reference BLAS. Indexing on the CPU gets some 50 times faster with: sudo apt install libopenblas0-openmp</translation>
    </message>
    <message>
        <source>Prints the photos that match label words, with probabilities over all the words given.</source>
        <translation>Prints the photos that match label words, with probabilities over all the words given.</translation>
    </message>
    <message>
        <source>Print photos from this &lt;probability&gt; on.</source>
        <translation>Print photos from this &lt;probability&gt; on.</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>probability</translation>
    </message>
    <message>
        <source>Also assign the labels to these photos in the library.</source>
        <translation>Also assign the labels to these photos in the library.</translation>
    </message>
    <message>
        <source>Label words, in Chinese.</source>
        <translation>Label words, in Chinese.</translation>
    </message>
    <message>
        <source>Name at least one label word.</source>
        <translation>Name at least one label word.</translation>
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
        <translation>Usage: yingxun-cli &lt;command&gt; [options]

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

yingxun-cli &lt;command&gt; --help explains each.</translation>
    </message>
    <message>
        <source>There is no command “%1”.</source>
        <translation>There is no command “%1”.</translation>
    </message>
    <message>
        <source>Prints the photos that match a description, best first, with their cosines, and then those that are possibly related. Filters such as date:2023, label:dog, -format:gif or camera:nikon stand beside it; alone, they list the newest first. A picture is looked for by image:FILE, with words beside it or without.</source>
        <translation>Prints the photos that match a description, best first, with their cosines, and then those that are possibly related. Filters such as date:2023, label:dog, -format:gif or camera:nikon stand beside it; alone, they list the newest first. A picture is looked for by image:FILE, with words beside it or without.</translation>
    </message>
    <message>
        <source>Possibly related:</source>
        <translation>Possibly related:</translation>
    </message>
    <message>
        <source>Nothing surely matches this description.</source>
        <translation>Nothing surely matches this description.</translation>
    </message>
    <message>
        <source>Print &lt;number&gt; photos, relevant or not (default: at most 20 of those that match).</source>
        <translation>Print &lt;number&gt; photos, relevant or not (default: at most 20 of those that match).</translation>
    </message>
    <message>
        <source>number</source>
        <translation>number</translation>
    </message>
    <message>
        <source>Look for photos like &lt;file&gt;, indexed or not.</source>
        <translation>Look for photos like &lt;file&gt;, indexed or not.</translation>
    </message>
    <message>
        <source>What is to be seen, in Chinese.</source>
        <translation>What is to be seen, in Chinese.</translation>
    </message>
    <message>
        <source>Give either a description, --like with a photo, --saved with a name, or --list-saved.</source>
        <translation>Give either a description, --like with a photo, --saved with a name, or --list-saved.</translation>
    </message>
    <message>
        <source>Go through the data this often.</source>
        <translation>Go through the data this often.</translation>
    </message>
    <message>
        <source>Stop after so many steps (0: the epochs decide).</source>
        <translation>Stop after so many steps (0: the epochs decide).</translation>
    </message>
    <message>
        <source>Pairs of one step.</source>
        <translation>Pairs of one step.</translation>
    </message>
    <message>
        <source>Parts in which a batch passes the towers, to save memory.</source>
        <translation>Parts in which a batch passes the towers, to save memory.</translation>
    </message>
    <message>
        <source>Further texts in each batch, as negatives.</source>
        <translation>Further texts in each batch, as negatives.</translation>
    </message>
    <message>
        <source>Highest learning rate.</source>
        <translation>Highest learning rate.</translation>
    </message>
    <message>
        <source>AdamW&apos;s first beta.</source>
        <translation>AdamW&apos;s first beta.</translation>
    </message>
    <message>
        <source>AdamW&apos;s second beta.</source>
        <translation>AdamW&apos;s second beta.</translation>
    </message>
    <message>
        <source>AdamW&apos;s epsilon.</source>
        <translation>AdamW&apos;s epsilon.</translation>
    </message>
    <message>
        <source>Weight decay.</source>
        <translation>Weight decay.</translation>
    </message>
    <message>
        <source>Steps of rising learning rate.</source>
        <translation>Steps of rising learning rate.</translation>
    </message>
    <message>
        <source>Train at this picture size (0: the model&apos;s).</source>
        <translation>Train at this picture size (0: the model&apos;s).</translation>
    </message>
    <message>
        <source>Least share of a picture that augmentation keeps.</source>
        <translation>Least share of a picture that augmentation keeps.</translation>
    </message>
    <message>
        <source>Steps between checkpoints.</source>
        <translation>Steps between checkpoints.</translation>
    </message>
    <message>
        <source>Of the pseudo-random choices.</source>
        <translation>Of the pseudo-random choices.</translation>
    </message>
    <message>
        <source>“%1” is not PREFIX or PREFIX*REPEAT.</source>
        <translation>“%1” is not PREFIX or PREFIX*REPEAT.</translation>
    </message>
    <message>
        <source>The options do not fit; --help explains them.</source>
        <translation>The options do not fit; --help explains them.</translation>
    </message>
    <message>
        <source>Start from this model &lt;folder&gt;.</source>
        <translation>Start from this model &lt;folder&gt;.</translation>
    </message>
    <message>
        <source>Write the model and its checkpoint to &lt;folder&gt;; running again goes on.</source>
        <translation>Write the model and its checkpoint to &lt;folder&gt;; running again goes on.</translation>
    </message>
    <message>
        <source>Take only config.json and vocab.txt from the model folder.</source>
        <translation>Take only config.json and vocab.txt from the model folder.</translation>
    </message>
    <message>
        <source>Train the text tower alone (the first of two stages).</source>
        <translation>Train the text tower alone (the first of two stages).</translation>
    </message>
    <message>
        <source>Show pictures as they are.</source>
        <translation>Show pictures as they are.</translation>
    </message>
    <message>
        <source>Take detail from pictures at random, so that data sets cannot be told apart by their quality.</source>
        <translation>Take detail from pictures at random, so that data sets cannot be told apart by their quality.</translation>
    </message>
    <message>
        <source>Train on &lt;device&gt;: auto, cpu, cuda:0…, mps (default: $YINGXUN_DEVICE, else auto, the first graphics card, else the processor). A run may go on upon another.</source>
        <translation>Train on &lt;device&gt;: auto, cpu, cuda:0…, mps (default: $YINGXUN_DEVICE, else auto, the first graphics card, else the processor). A run may go on upon another.</translation>
    </message>
    <message>
        <source>device</source>
        <translation>device</translation>
    </message>
    <message>
        <source>Compute in bfloat16; faster where the device has units for it.</source>
        <translation>Compute in bfloat16; faster where the device has units for it.</translation>
    </message>
    <message>
        <source>Write the model as fp16.</source>
        <translation>Write the model as fp16.</translation>
    </message>
    <message>
        <source>Data sets: PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl, or PREFIX*REPEAT to show its pictures more often.</source>
        <translation>Data sets: PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl, or PREFIX*REPEAT to show its pictures more often.</translation>
    </message>
    <message>
        <source>Trains a model with the symmetric contrastive loss on data in the Chinese-CLIP layout.</source>
        <translation>Trains a model with the symmetric contrastive loss on data in the Chinese-CLIP layout.</translation>
    </message>
    <message>
        <source>Name --model, --output and at least one data set.</source>
        <translation>Name --model, --output and at least one data set.</translation>
    </message>
    <message>
        <source>step %1 of %2, epoch %3, loss %4, accuracy %5, scale %6, %7 pictures/s, %8 min left</source>
        <translation>step %1 of %2, epoch %3, loss %4, accuracy %5, scale %6, %7 pictures/s, %8 min left</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) could not be read and were left out.</source>
        <translation>
            <numerusform>%n picture could not be read and was left out.</numerusform>
            <numerusform>%n pictures could not be read and were left out.</numerusform>
        </translation>
    </message>
    <message>
        <source>Removed: all that was computed of %1 photos (%2 thumbnails, %3 embeddings, %4 bytes)</source>
        <translation>Removed: all that was computed of %1 photos (%2 thumbnails, %3 embeddings, %4 bytes)</translation>
    </message>
    <message>
        <source>In embeddings that another Yingxun has open: %1. It removes them at the end of a run of its indexer, at most once a day.</source>
        <translation>In embeddings that another Yingxun has open: %1. It removes them at the end of a run of its indexer, at most once a day.</translation>
    </message>
    <message>
        <source>Waiting: %1, the first of them for %2 more days</source>
        <translation>Waiting: %1, the first of them for %2 more days</translation>
    </message>
    <message>
        <source>Removes what was computed of photos that left the library %1 days ago: thumbnails, measures and embeddings. “index” does the same once a day. Labels and stars are kept for good.</source>
        <translation>Removes what was computed of photos that left the library %1 days ago: thumbnails, measures and embeddings. “index” does the same once a day. Labels and stars are kept for good.</translation>
    </message>
    <message>
        <source>Remove it at once, however short they have been gone.</source>
        <translation>Remove it at once, however short they have been gone.</translation>
    </message>
    <message>
        <source>“gc” takes no names; it looks through the whole library.</source>
        <translation>“gc” takes no names; it looks through the whole library.</translation>
    </message>
    <message>
        <source>Nothing was removed: “index” has not yet looked through the whole library since its catalogue was made. Connect the disks of all its folders, or take those that are empty out of it, run “index”, and try again.</source>
        <translation>Nothing was removed: “index” has not yet looked through the whole library since its catalogue was made. Connect the disks of all its folders, or take those that are empty out of it, run “index”, and try again.</translation>
    </message>
    <message>
        <source>Lists the daily copies of your labels, stars and folders, or puts one of them back.</source>
        <translation>Lists the daily copies of your labels, stars and folders, or puts one of them back.</translation>
    </message>
    <message>
        <source>Put back the copy of &lt;date&gt; (as listed), or the “latest” that is not damaged. What was there before is kept beside it.</source>
        <translation>Put back the copy of &lt;date&gt; (as listed), or the “latest” that is not damaged. What was there before is kept beside it.</translation>
    </message>
    <message>
        <source>date</source>
        <translation>date</translation>
    </message>
    <message>
        <source>good</source>
        <translation>good</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>damaged</translation>
    </message>
    <message>
        <source>There is no copy yet; one is made each day on which labels or stars changed.</source>
        <translation>There is no copy yet; one is made each day on which labels or stars changed.</translation>
    </message>
    <message>
        <source>There is no such copy. “yingxun-cli restore” lists those there are.</source>
        <translation>There is no such copy. “yingxun-cli restore” lists those there are.</translation>
    </message>
    <message>
        <source>The copy of %1 is in use again.</source>
        <translation>The copy of %1 is in use again.</translation>
    </message>
    <message>
        <source>What it replaced is kept in %1</source>
        <translation>What it replaced is kept in %1</translation>
    </message>
    <message>
        <source>“%1” is not in the list; “yingxun-cli exclude” shows it.</source>
        <translation>“%1” is not in the list; “yingxun-cli exclude” shows it.</translation>
    </message>
    <message>
        <source>Shows and edits which files and folders are not indexed: patterns for their names, in which * stands for anything and ? for one character, whatever the case of letters; a pattern with / is a path below the folder of the library. A change works from the next “index” on; photos that are left out keep their labels and stars.</source>
        <translation>Shows and edits which files and folders are not indexed: patterns for their names, in which * stands for anything and ? for one character, whatever the case of letters; a pattern with / is a path below the folder of the library. A change works from the next “index” on; photos that are left out keep their labels and stars.</translation>
    </message>
    <message>
        <source>Leave out what fits &lt;pattern&gt;.</source>
        <translation>Leave out what fits &lt;pattern&gt;.</translation>
    </message>
    <message>
        <source>pattern</source>
        <translation>pattern</translation>
    </message>
    <message>
        <source>Take &lt;pattern&gt; off the list.</source>
        <translation>Take &lt;pattern&gt; off the list.</translation>
    </message>
    <message>
        <source>Go back to the default list.</source>
        <translation>Go back to the default list.</translation>
    </message>
    <message>
        <source>Name patterns with --add or --remove.</source>
        <translation>Name patterns with --add or --remove.</translation>
    </message>
    <message>
        <source>Print JSON, one object a line. A path that is not UTF-8 has its exact bytes in path_base64.</source>
        <translation>Print JSON, one object a line. A path that is not UTF-8 has its exact bytes in path_base64.</translation>
    </message>
    <message>
        <source>%1 is no file. Photos come first, then labels.</source>
        <translation>%1 is no file. Photos come first, then labels.</translation>
    </message>
    <message>
        <source>%1 of %2 photos could not be read and have no row.</source>
        <translation>%1 of %2 photos could not be read and have no row.</translation>
    </message>
    <message>
        <source>%1 of %2 photos, %3 unreadable</source>
        <translation>%1 of %2 photos, %3 unreadable</translation>
    </message>
    <message>
        <source>%1 pictures could not be read and are not counted.</source>
        <translation>%1 pictures could not be read and are not counted.</translation>
    </message>
    <message>
        <source>A .npy file holds one array: write photos and texts to a .safetensors file, or each to a .npy file of its own.</source>
        <translation>A .npy file holds one array: write photos and texts to a .safetensors file, or each to a .npy file of its own.</translation>
    </message>
    <message>
        <source>Embed &lt;text&gt;; may be repeated.</source>
        <translation>Embed &lt;text&gt;; may be repeated.</translation>
    </message>
    <message>
        <source>Embed each line of &lt;file&gt;; may be repeated.</source>
        <translation>Embed each line of &lt;file&gt;; may be repeated.</translation>
    </message>
    <message>
        <source>Embeds photos and texts: rows of length 1, for programs that compare them. Without --output they are printed as JSON, one object a line. Photos are turned upright as their EXIF data says; the reference implementation ignores it.</source>
        <translation>Embeds photos and texts: rows of length 1, for programs that compare them. Without --output they are printed as JSON, one object a line. Photos are turned upright as their EXIF data says; the reference implementation ignores it.</translation>
    </message>
    <message>
        <source>Labels, in Chinese: what comes after the last file.</source>
        <translation>Labels, in Chinese: what comes after the last file.</translation>
    </message>
    <message>
        <source>Name at least two labels: each gets its share of the probability.</source>
        <translation>Name at least two labels: each gets its share of the probability.</translation>
    </message>
    <message>
        <source>Name photos, or texts with --text or --text-file.</source>
        <translation>Name photos, or texts with --text or --text-file.</translation>
    </message>
    <message>
        <source>Name the photos, then the labels: photo.jpg 猫 狗</source>
        <translation>Name the photos, then the labels: photo.jpg 猫 狗</translation>
    </message>
    <message>
        <source>Photos, or folders of photos.</source>
        <translation>Photos, or folders of photos.</translation>
    </message>
    <message>
        <source>Print only the &lt;number&gt; likeliest labels, the best first.</source>
        <translation>Print only the &lt;number&gt; likeliest labels, the best first.</translation>
    </message>
    <message>
        <source>Prints how likely each label is for each photo, out of the labels given. Photos are turned upright as their EXIF data says; the reference implementation ignores it.</source>
        <translation>Prints how likely each label is for each photo, out of the labels given. Photos are turned upright as their EXIF data says; the reference implementation ignores it.</translation>
    </message>
    <message>
        <source>Put the labels into the sentences of &lt;file&gt;, {} standing for the label, or into those that come with the program: “standard”.</source>
        <translation>Put the labels into the sentences of &lt;file&gt;, {} standing for the label, or into those that come with the program: “standard”.</translation>
    </message>
    <message>
        <source>Take the labels from &lt;file&gt;, one a line; all that is named on the command line is then a photo.</source>
        <translation>Take the labels from &lt;file&gt;, one a line; all that is named on the command line is then a photo.</translation>
    </message>
    <message>
        <source>The output must end in .npy, .safetensors or .jsonl.</source>
        <translation>The output must end in .npy, .safetensors or .jsonl.</translation>
    </message>
    <message>
        <source>Write &lt;file&gt;: .safetensors (tensors img_embedding and text_embedding; paths and texts in its metadata), .npy (one array: of photos or of texts) or .jsonl.</source>
        <translation>Write &lt;file&gt;: .safetensors (tensors img_embedding and text_embedding; paths and texts in its metadata), .npy (one array: of photos or of texts) or .jsonl.</translation>
    </message>
    <message>
        <source>retrieval: score PREFIX_imgs.img_feat.jsonl and PREFIX_texts.txt_feat.jsonl, computed elsewhere, without a model.</source>
        <translation>retrieval: score PREFIX_imgs.img_feat.jsonl and PREFIX_texts.txt_feat.jsonl, computed elsewhere, without a model.</translation>
    </message>
    <message>
        <source>text</source>
        <translation>text</translation>
    </message>
    <message>
        <source>%1 of %2 MB</source>
        <translation>%1 of %2 MB</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>not installed</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>installed</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>needs %1 MB of memory</source>
        <translation>needs %1 MB of memory</translation>
    </message>
    <message>
        <source>R@1 %1 MUGE, %2 Flickr30K-CN, %3 COCO-CN</source>
        <translation>R@1 %1 MUGE, %2 Flickr30K-CN, %3 COCO-CN</translation>
    </message>
    <message>
        <source>%1 is installed. Use it with: --model %2</source>
        <translation>%1 is installed. Use it with: --model %2</translation>
    </message>
    <message>
        <source>%1: %2 of %3 MB</source>
        <translation>%1: %2 of %3 MB</translation>
    </message>
    <message>
        <source>, %1 MB/s, %2 min left</source>
        <translation>, %1 MB/s, %2 min left</translation>
    </message>
    <message>
        <source>There is no released model “%1”. “yingxun-cli models” lists them.</source>
        <translation>There is no released model “%1”. “yingxun-cli models” lists them.</translation>
    </message>
    <message>
        <source>What has arrived is kept; the same command goes on from there.</source>
        <translation>What has arrived is kept; the same command goes on from there.</translation>
    </message>
    <message>
        <source>Remove the model “%1” (%2 MB)? [y/N]</source>
        <translation>Remove the model “%1” (%2 MB)? [y/N]</translation>
    </message>
    <message>
        <source>Say --yes to remove a model without being asked.</source>
        <translation>Say --yes to remove a model without being asked.</translation>
    </message>
    <message>
        <source>The model “%1” is removed.</source>
        <translation>The model “%1” is removed.</translation>
    </message>
    <message>
        <source>Lists, gets and checks models. They are kept in the data directory, and --model finds them by their ids.

  models                  list the installed models, and the released ones there are
  models add &lt;path&gt;       add a folder, a checkpoint, or a .tar or .zip of a folder
  models download &lt;id&gt;    get a released model; interrupted, it goes on the next time
  models verify [&lt;id&gt;]    read all files again and compare them
  models remove &lt;id&gt;      delete an installed model
  models forget &lt;id&gt;      delete a model&apos;s embeddings of your photos, by its id or its 32 hex digits (“info” lists them)</source>
        <translation>Lists, gets and checks models. They are kept in the data directory, and --model finds them by their ids.

  models                  list the installed models, and the released ones there are
  models add &lt;path&gt;       add a folder, a checkpoint, or a .tar or .zip of a folder
  models download &lt;id&gt;    get a released model; interrupted, it goes on the next time
  models verify [&lt;id&gt;]    read all files again and compare them
  models remove &lt;id&gt;      delete an installed model
  models forget &lt;id&gt;      delete a model&apos;s embeddings of your photos, by its id or its 32 hex digits (“info” lists them)</translation>
    </message>
    <message>
        <source>Add it as &lt;id&gt;.</source>
        <translation>Add it as &lt;id&gt;.</translation>
    </message>
    <message>
        <source>id</source>
        <translation>id</translation>
    </message>
    <message>
        <source>Download from &lt;source&gt;: huggingface, modelscope, or the address of a mirror of Hugging Face (default: $YINGXUN_MIRROR, else huggingface).</source>
        <translation>Download from &lt;source&gt;: huggingface, modelscope, or the address of a mirror of Hugging Face (default: $YINGXUN_MIRROR, else huggingface).</translation>
    </message>
    <message>
        <source>source</source>
        <translation>source</translation>
    </message>
    <message>
        <source>Remove without asking.</source>
        <translation>Remove without asking.</translation>
    </message>
    <message>
        <source>One of the above.</source>
        <translation>One of the above.</translation>
    </message>
    <message>
        <source>Its path or id.</source>
        <translation>Its path or id.</translation>
    </message>
    <message>
        <source>“%1” is not understood; “yingxun-cli models --help” explains what there is.</source>
        <translation>“%1” is not understood; “yingxun-cli models --help” explains what there is.</translation>
    </message>
    <message>
        <source>This library has no embeddings of “%1”. “yingxun-cli info” lists the models.</source>
        <translation>This library has no embeddings of “%1”. “yingxun-cli info” lists the models.</translation>
    </message>
    <message>
        <source>Several models are called “%1”. Name one of them by its digits:%2</source>
        <translation>Several models are called “%1”. Name one of them by its digits:%2</translation>
    </message>
    <message>
        <source>“%1” is the model in use; choose another one first.</source>
        <translation>“%1” is the model in use; choose another one first.</translation>
    </message>
    <message>
        <source>Delete the %1 embeddings made with “%2”? [y/N]</source>
        <translation>Delete the %1 embeddings made with “%2”? [y/N]</translation>
    </message>
    <message>
        <source>The embeddings of “%1” are deleted.</source>
        <translation>The embeddings of “%1” are deleted.</translation>
    </message>
    <message>
        <source>Devices: %1</source>
        <translation>Devices: %1</translation>
    </message>
    <message>
        <source>Models with embeddings of this library:</source>
        <translation>Models with embeddings of this library:</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in use</translation>
    </message>
    <message>
        <source>retrieval: through the whole program instead, as people use it: pictures as files in a library made for this, texts as queries.</source>
        <translation>retrieval: through the whole program instead, as people use it: pictures as files in a library made for this, texts as queries.</translation>
    </message>
    <message>
        <source>Then go on and print what matches as it is indexed, by another yingxun-cli or the window.</source>
        <translation>Then go on and print what matches as it is indexed, by another yingxun-cli or the window.</translation>
    </message>
    <message>
        <source>Writes your labels, stars, saved searches, folders and exclusions to a file, as JSON lines, which “import” and other programs can read; - is standard output.</source>
        <translation>Writes your labels, stars, saved searches, folders and exclusions to a file, as JSON lines, which “import” and other programs can read; - is standard output.</translation>
    </message>
    <message>
        <source>The file to write.</source>
        <translation>The file to write.</translation>
    </message>
    <message>
        <source>Name one file, or - .</source>
        <translation>Name one file, or - .</translation>
    </message>
    <message>
        <source>Line %1 has a label without a name. Give it one or remove it, and import the file again. Nothing was changed.</source>
        <translation>Line %1 has a label without a name. Give it one or remove it, and import the file again. Nothing was changed.</translation>
    </message>
    <message>
        <source>Line %1 has a saved search named “%2”, as a line before it has. Give one of them another name or remove it, and import the file again. Nothing was changed.</source>
        <translation>Line %1 has a saved search named “%2”, as a line before it has. Give one of them another name or remove it, and import the file again. Nothing was changed.</translation>
    </message>
    <message>
        <source>This is no file of “yingxun-cli export”, or one of a newer Yingxun. Nothing was changed.</source>
        <translation>This is no file of “yingxun-cli export”, or one of a newer Yingxun. Nothing was changed.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 cannot be read: %2</translation>
    </message>
    <message>
        <source>Puts labels, stars, saved searches, folders and exclusions back from a file of “export”: to each photo by its content, or by its path where the content is not in the library. What there is already stays; - is standard input.</source>
        <translation>Puts labels, stars, saved searches, folders and exclusions back from a file of “export”: to each photo by its content, or by its path where the content is not in the library. What there is already stays; - is standard input.</translation>
    </message>
    <message>
        <source>The file to read.</source>
        <translation>The file to read.</translation>
    </message>
    <message>
        <source>Line %1 was left out: it is damaged, or says something that this Yingxun does not know.</source>
        <translation>Line %1 was left out: it is damaged, or says something that this Yingxun does not know.</translation>
    </message>
    <message>
        <source>Put back: labels %1 times, stars %2 times, %3 folders.</source>
        <translation>Put back: labels %1 times, stars %2 times, %3 folders.</translation>
    </message>
    <message>
        <source>Ask the search that is saved as &lt;name&gt;.</source>
        <translation>Ask the search that is saved as &lt;name&gt;.</translation>
    </message>
    <message>
        <source>name</source>
        <translation>name</translation>
    </message>
    <message>
        <source>Print the saved searches: their names and lines.</source>
        <translation>Print the saved searches: their names and lines.</translation>
    </message>
    <message>
        <source>No search is saved as “%1”; “yingxun-cli search --list-saved” shows them.</source>
        <translation>No search is saved as “%1”; “yingxun-cli search --list-saved” shows them.</translation>
    </message>
    <message>
        <source>%1 embeddings of %2 numbers, %3 threads; medians of %4 descriptions:</source>
        <translation>%1 embeddings of %2 numbers, %3 threads; medians of %4 descriptions:</translation>
    </message>
    <message>
        <source>“bench search” measures on your own library how long a search takes, beside the time in which this machine can read its embeddings at all, and whether it finds the best ones.</source>
        <translation>“bench search” measures on your own library how long a search takes, beside the time in which this machine can read its embeddings at all, and whether it finds the best ones.</translation>
    </message>
    <message>
        <source>What is measured.</source>
        <translation>What is measured.</translation>
    </message>
    <message>
        <source>Say what to measure: “yingxun-cli bench search”.</source>
        <translation>Say what to measure: “yingxun-cli bench search”.</translation>
    </message>
    <message>
        <source>There are no photos to search in yet; index some folders first.</source>
        <translation>There are no photos to search in yet; index some folders first.</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>a description into its embedding</source>
        <translation>a description into its embedding</translation>
    </message>
    <message>
        <source>the best %1 of all embeddings</source>
        <translation>the best %1 of all embeddings</translation>
    </message>
    <message>
        <source>only to read a byte a number</source>
        <translation>only to read a byte a number</translation>
    </message>
    <message>
        <source>all cosines</source>
        <translation>all cosines</translation>
    </message>
</context>
<context>
    <name>yingxun::services::QueryErrorText</name>
    <message>
        <source>Something is missing here: what is to be looked for.</source>
        <translation>Something is missing here: what is to be looked for.</translation>
    </message>
    <message>
        <source>“%1” is not a value that this can have.</source>
        <translation>“%1” is not a value that this can have.</translation>
    </message>
    <message>
        <source>“%1” is not a weight. Weights go from %2 to %3.</source>
        <translation>“%1” is not a weight. Weights go from %2 to %3.</translation>
    </message>
    <message>
        <source>This quote does not end.</source>
        <translation>This quote does not end.</translation>
    </message>
    <message>
        <source>This bracket is not closed.</source>
        <translation>This bracket is not closed.</translation>
    </message>
    <message>
        <source>This bracket closes nothing.</source>
        <translation>This bracket closes nothing.</translation>
    </message>
    <message>
        <source>A filter is missing beside this word.</source>
        <translation>A filter is missing beside this word.</translation>
    </message>
    <message>
        <source>“%1” is a description. Only filters can be alternatives, as in label:a | label:b. Say it of descriptions in words, as in 猫或狗, or look for one after the other.</source>
        <translation>“%1” is a description. Only filters can be alternatives, as in label:a | label:b. Say it of descriptions in words, as in 猫或狗, or look for one after the other.</translation>
    </message>
    <message>
        <source>“%1” is a description. Write - before it to leave its meaning out.</source>
        <translation>“%1” is a description. Write - before it to leave its meaning out.</translation>
    </message>
    <message>
        <source>“%1” is a description. Write it outside of the brackets of filters.</source>
        <translation>“%1” is a description. Write it outside of the brackets of filters.</translation>
    </message>
    <message>
        <source>There are too many brackets within each other.</source>
        <translation>There are too many brackets within each other.</translation>
    </message>
    <message>
        <source>There are more than %1 meanings.</source>
        <translation>There are more than %1 meanings.</translation>
    </message>
    <message>
        <source>There is no label “%1”.</source>
        <translation>There is no label “%1”.</translation>
    </message>
    <message>
        <source>There is no folder “%1” in the library.</source>
        <translation>There is no folder “%1” in the library.</translation>
    </message>
    <message>
        <source>There is no file “%1”, or it may not be read.</source>
        <translation>There is no file “%1”, or it may not be read.</translation>
    </message>
    <message>
        <source>“%1” is not a picture that can be read.</source>
        <translation>“%1” is not a picture that can be read.</translation>
    </message>
    <message>
        <source>“%1” has no words to search for. Say what is to be seen.</source>
        <translation>“%1” has no words to search for. Say what is to be seen.</translation>
    </message>
    <message>
        <source>The model knows nothing of “%1”. Try other words, in Chinese.</source>
        <translation>The model knows nothing of “%1”. Try other words, in Chinese.</translation>
    </message>
    <message>
        <source>What is looked for is left out again.</source>
        <translation>What is looked for is left out again.</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ComputingDialog</name>
    <message>
        <source>Computing</source>
        <translation>Computing</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>&amp;Device</translation>
    </message>
    <message>
        <source>Automatic: %1</source>
        <translation>Automatic: %1</translation>
    </message>
    <message>
        <source>Processor (%1)</source>
        <translation>Processor (%1)</translation>
    </message>
    <message>
        <source>Graphics card (%1)</source>
        <translation>Graphics card (%1)</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Precision</translation>
    </message>
    <message>
        <source>&amp;Automatic</source>
        <translation>&amp;Automatic</translation>
    </message>
    <message>
        <source>The fastest that the device has units for.</source>
        <translation>The fastest that the device has units for.</translation>
    </message>
    <message>
        <source>The most exact one; takes the most memory on graphics cards.</source>
        <translation>The most exact one; takes the most memory on graphics cards.</translation>
    </message>
    <message>
        <source>Half the memory. For newer graphics cards, and processors with AVX512-BF16 or AMX.</source>
        <translation>Half the memory. For newer graphics cards, and processors with AVX512-BF16 or AMX.</translation>
    </message>
    <message>
        <source>Half the memory. For graphics cards only.</source>
        <translation>Half the memory. For graphics cards only.</translation>
    </message>
    <message>
        <source>Where the model runs, and the numbers that it computes with. What has been indexed stays; searches go on while the model is loaded anew.</source>
        <translation>Where the model runs, and the numbers that it computes with. What has been indexed stays; searches go on while the model is loaded anew.</translation>
    </message>
    <message>
        <source>Now %1 runs on %2, in %3.</source>
        <translation>Now %1 runs on %2, in %3.</translation>
    </message>
    <message>
        <source>The command line or the environment says %1 for this start; that wins over what is chosen here.</source>
        <translation>The command line or the environment says %1 for this start; that wins over what is chosen here.</translation>
    </message>
    <message>
        <source>Nothing was changed, the model goes on as before: %1</source>
        <translation>Nothing was changed, the model goes on as before: %1</translation>
    </message>
    <message>
        <source>No model is loaded yet.</source>
        <translation>No model is loaded yet.</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ErrorText</name>
    <message>
        <source>That cannot be done.</source>
        <translation>That cannot be done.</translation>
    </message>
    <message>
        <source>It is not there any more.</source>
        <translation>It is not there any more.</translation>
    </message>
    <message>
        <source>It cannot be read or written. Check the disk and its free space.</source>
        <translation>It cannot be read or written. Check the disk and its free space.</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>The file is damaged.</translation>
    </message>
    <message>
        <source>The file is incomplete.</source>
        <translation>The file is incomplete.</translation>
    </message>
    <message>
        <source>This kind of file is not supported.</source>
        <translation>This kind of file is not supported.</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>It is too large.</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>There is not enough memory.</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>It was cancelled.</translation>
    </message>
    <message>
        <source>Something went wrong inside Yingxun.</source>
        <translation>Something went wrong inside Yingxun.</translation>
    </message>
    <message>
        <source>Looked at every minute: this file system, a network share or the like, does not tell what changes. There is nothing you need to do.</source>
        <translation>Looked at every minute: this file system, a network share or the like, does not tell what changes. There is nothing you need to do.</translation>
    </message>
    <message>
        <source>Looked at every minute: it has more directories than the system watches. To see changes at once, raise the limit: %1</source>
        <translation>Looked at every minute: it has more directories than the system watches. To see changes at once, raise the limit: %1</translation>
    </message>
    <message>
        <source>Looked at every minute: other programs use all watchers that the system gives out. To see changes at once, close some of them, or raise the limit: %1</source>
        <translation>Looked at every minute: other programs use all watchers that the system gives out. To see changes at once, close some of them, or raise the limit: %1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>This library can only be read here.</source>
        <translation>This library can only be read here.</translation>
    </message>
    <message>
        <source>Stopped. What has arrived is kept; the next download goes on from there.</source>
        <translation>Stopped. What has arrived is kept; the next download goes on from there.</translation>
    </message>
    <message>
        <source>This source does not have the model. Choose another source.</source>
        <translation>This source does not have the model. Choose another source.</translation>
    </message>
    <message>
        <source>It cannot be downloaded from there. Check the source&apos;s address.</source>
        <translation>It cannot be downloaded from there. Check the source&apos;s address.</translation>
    </message>
    <message>
        <source>Something other than the model arrived and was thrown away. Choose another source.</source>
        <translation>Something other than the model arrived and was thrown away. Choose another source.</translation>
    </message>
    <message>
        <source>The download broke off. Check the network and the free space, or choose another source; the next try goes on from what has arrived.</source>
        <translation>The download broke off. Check the network and the free space, or choose another source; the next try goes on from what has arrived.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was added.</source>
        <translation>Stopped. Nothing was added.</translation>
    </message>
    <message>
        <source>It was not added. Choose another file or folder.</source>
        <translation>It was not added. Choose another file or folder.</translation>
    </message>
    <message>
        <source>It was not added. Check that it can be read, and the free space.</source>
        <translation>It was not added. Check that it can be read, and the free space.</translation>
    </message>
    <message>
        <source>This is no complete model. Copy or pack it again.</source>
        <translation>This is no complete model. Copy or pack it again.</translation>
    </message>
    <message>
        <source>The model is damaged. Remove it, and get it again.</source>
        <translation>The model is damaged. Remove it, and get it again.</translation>
    </message>
    <message>
        <source>The model was not removed. Try again when no other program uses it.</source>
        <translation>The model was not removed. Try again when no other program uses it.</translation>
    </message>
    <message>
        <source>This folder is not there now: its disk is not connected, or it was moved. Its photos stay in the library, labels and all, and can still be found.</source>
        <translation>This folder is not there now: its disk is not connected, or it was moved. Its photos stay in the library, labels and all, and can still be found.</translation>
    </message>
    <message>
        <source>The disk “%1” is not connected. Its photos stay in the library, labels and all, and can still be found.</source>
        <translation>The disk “%1” is not connected. Its photos stay in the library, labels and all, and can still be found.</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: its disk is not there now. Connect it and try again.</source>
        <translation>%1 was not moved to the trash: its disk is not there now. Connect it and try again.</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: it is not there any more. There is nothing you need to do.</source>
        <translation>%1 was not moved to the trash: it is not there any more. There is nothing you need to do.</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: it was changed since it was last looked at. Look at it again, and try again if it is to go.</source>
        <translation>%1 was not moved to the trash: it was changed since it was last looked at. Look at it again, and try again if it is to go.</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash, which cannot keep a name that is not UTF-8. Rename it in the file manager and try again.</source>
        <translation>%1 was not moved to the trash, which cannot keep a name that is not UTF-8. Rename it in the file manager and try again.</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: its folder cannot be written. Give yourself the right to write there and try again.</source>
        <translation>%1 was not moved to the trash: its folder cannot be written. Give yourself the right to write there and try again.</translation>
    </message>
    <message>
        <source>%1 was not moved to the trash: the system has none for its disk, or may not move it. Delete it in the file manager, where that is for good.</source>
        <translation>%1 was not moved to the trash: the system has none for its disk, or may not move it. Delete it in the file manager, where that is for good.</translation>
    </message>
    <message>
        <source>%1 was not put back: it is no longer in the trash, which was emptied. Take it from a copy, if you have one.</source>
        <translation>%1 was not put back: it is no longer in the trash, which was emptied. Take it from a copy, if you have one.</translation>
    </message>
    <message>
        <source>%1 was not put back: another file is there by now. It stays in the trash; move the other file away and take it from there in the file manager.</source>
        <translation>%1 was not put back: another file is there by now. It stays in the trash; move the other file away and take it from there in the file manager.</translation>
    </message>
    <message>
        <source>%1 was not put back: its place cannot be written. It stays in the trash; take it from there in the file manager.</source>
        <translation>%1 was not put back: its place cannot be written. It stays in the trash; take it from there in the file manager.</translation>
    </message>
    <message numerus="yes">
        <source>The same goes, for this or another reason, for %n more file(s).</source>
        <translation>
            <numerusform>The same goes, for this or another reason, for %n more file.</numerusform>
            <numerusform>The same goes, for this or another reason, for %n more files.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ExclusionDialog</name>
    <message>
        <source>What is not indexed</source>
        <translation>What is not indexed</translation>
    </message>
    <message>
        <source>Files and folders whose names fit one of these lines are left out. * stands for anything, ? for one character; a line with / is a path below the folder of the library. Photos that are left out keep their labels and stars.</source>
        <translation>Files and folders whose names fit one of these lines are left out. * stands for anything, ? for one character; a line with / is a path below the folder of the library. Photos that are left out keep their labels and stars.</translation>
    </message>
    <message>
        <source>Patterns, one a line</source>
        <translation>Patterns, one a line</translation>
    </message>
    <message>
        <source>&amp;Restore defaults</source>
        <translation>&amp;Restore defaults</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::FeedbackActions</name>
    <message>
        <source>Results more like this</source>
        <translation>Results more like this</translation>
    </message>
    <message>
        <source>Results less like this</source>
        <translation>Results less like this</translation>
    </message>
    <message>
        <source>Results as before</source>
        <translation>Results as before</translation>
    </message>
    <message>
        <source>Search for a description or a picture first: its results can be refined.</source>
        <translation>Search for a description or a picture first: its results can be refined.</translation>
    </message>
    <message>
        <source>Choose a photo first.</source>
        <translation>Choose a photo first.</translation>
    </message>
    <message numerus="yes">
        <source>The results are refined by %n photo(s). Escape takes it back.</source>
        <translation>
            <numerusform>The results are refined by %n photo. Escape takes it back.</numerusform>
            <numerusform>The results are refined by %n photos. Escape takes it back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::FeedbackCommand</name>
    <message>
        <source>Refine the results</source>
        <translation>Refine the results</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::FolderPanel</name>
    <message>
        <source>Folders</source>
        <translation>Folders</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>All photos</translation>
    </message>
    <message>
        <source>Unreadable files</source>
        <translation>Unreadable files</translation>
    </message>
    <message>
        <source>%1 (not connected)</source>
        <translation>%1 (not connected)</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::HealthLight</name>
    <message>
        <source>Whether the library is current: %1</source>
        <translation>Whether the library is current: %1</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::HealthText</name>
    <message>
        <source>a network share</source>
        <translation>a network share</translation>
    </message>
    <message>
        <source>too many directories to watch</source>
        <translation>too many directories to watch</translation>
    </message>
    <message>
        <source>no watchers left</source>
        <translation>no watchers left</translation>
    </message>
    <message>
        <source>Cannot be looked into, so changes there are not seen; the photos known from there are kept. Check the permissions and the disk:</source>
        <translation>Cannot be looked into, so changes there are not seen; the photos known from there are kept. Check the permissions and the disk:</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message>
        <source>Not yet looked through: what has changed here may be missing until indexing is done. If it was cancelled, choose Library → Look for changes now.</source>
        <translation>Not yet looked through: what has changed here may be missing until indexing is done. If it was cancelled, choose Library → Look for changes now.</translation>
    </message>
    <message>
        <source>All folders have been looked through, and changes are seen at once.</source>
        <translation>All folders have been looked through, and changes are seen at once.</translation>
    </message>
    <message>
        <source>Indexing is paused: new and changed photos wait until you resume it.</source>
        <translation>Indexing is paused: new and changed photos wait until you resume it.</translation>
    </message>
    <message>
        <source>Another Yingxun indexes this library; what it finds is shown here as well.</source>
        <translation>Another Yingxun indexes this library; what it finds is shown here as well.</translation>
    </message>
    <message>
        <source>The library cannot be written, so nothing new is taken in. Check the permissions of the data directory.</source>
        <translation>The library cannot be written, so nothing new is taken in. Check the permissions of the data directory.</translation>
    </message>
    <message>
        <source>Current, watched live</source>
        <translation>Current, watched live</translation>
    </message>
    <message>
        <source>Looked at every %1 s: %2</source>
        <translation>Looked at every %1 s: %2</translation>
    </message>
    <message>
        <source>Waiting for a disk that is away</source>
        <translation>Waiting for a disk that is away</translation>
    </message>
    <message>
        <source>Not yet looked through</source>
        <translation>Not yet looked through</translation>
    </message>
    <message>
        <source>Not current: paused</source>
        <translation>Not current: paused</translation>
    </message>
    <message>
        <source>Kept current elsewhere</source>
        <translation>Kept current elsewhere</translation>
    </message>
    <message>
        <source>Not kept current</source>
        <translation>Not kept current</translation>
    </message>
    <message>
        <source>“%1” cannot be read</source>
        <translation>“%1” cannot be read</translation>
    </message>
    <message numerus="yes">
        <source>%n place(s) cannot be read</source>
        <translation>
            <numerusform>%n place cannot be read</numerusform>
            <numerusform>%n places cannot be read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::LabelCommand</name>
    <message>
        <source>Assign a label</source>
        <translation>Assign a label</translation>
    </message>
    <message>
        <source>Take a label off</source>
        <translation>Take a label off</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::LabelList</name>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Drag photos onto a label to assign it.</source>
        <translation>Drag photos onto a label to assign it.</translation>
    </message>
    <message>
        <source>%1  (%2)</source>
        <translation>%1  (%2)</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::LabelPanel</name>
    <message>
        <source>New label</source>
        <translation>New label</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Rename…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Delete…</translation>
    </message>
    <message>
        <source>Rename the label</source>
        <translation>Rename the label</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Delete the label</source>
        <translation>Delete the label</translation>
    </message>
    <message numerus="yes">
        <source>Delete the label “%1”? %n photo(s) carry it; the photos stay.</source>
        <translation>
            <numerusform>Delete the label “%1”? %n photo carries it; the photo stays.</numerusform>
            <numerusform>Delete the label “%1”? %n photos carry it; the photos stay.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::MainWindow</name>
    <message>
        <source>Add a folder…</source>
        <translation>Add a folder…</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Folders</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Looks like</source>
        <translation>Looks like</translation>
    </message>
    <message>
        <source>Thumbnail size</source>
        <translation>Thumbnail size</translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation>&amp;Library</translation>
    </message>
    <message>
        <source>&amp;Add a folder…</source>
        <translation>&amp;Add a folder…</translation>
    </message>
    <message>
        <source>&amp;Remove the folder…</source>
        <translation>&amp;Remove the folder…</translation>
    </message>
    <message>
        <source>&amp;Look for changes now</source>
        <translation>&amp;Look for changes now</translation>
    </message>
    <message>
        <source>&amp;Unreadable files…</source>
        <translation>&amp;Unreadable files…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Quit</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Edit</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Undo</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Redo</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>&amp;Search</translation>
    </message>
    <message>
        <source>&amp;Describe a photo</source>
        <translation>&amp;Describe a photo</translation>
    </message>
    <message>
        <source>&amp;More like this photo</source>
        <translation>&amp;More like this photo</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Add a folder</translation>
    </message>
    <message>
        <source>Choose a folder at the left first.</source>
        <translation>Choose a folder at the left first.</translation>
    </message>
    <message>
        <source>Remove the folder</source>
        <translation>Remove the folder</translation>
    </message>
    <message>
        <source>Stop showing the photos of this folder? The files stay where they are, and so do your labels. What was computed of them is kept for %1 days, in case they come back.</source>
        <translation>Stop showing the photos of this folder? The files stay where they are, and so do your labels. What was computed of them is kept for %1 days, in case they come back.</translation>
    </message>
    <message>
        <source>Choose a photo first.</source>
        <translation>Choose a photo first.</translation>
    </message>
    <message>
        <source>This photo is no longer here: it was not rated.</source>
        <translation>This photo is no longer here: it was not rated.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>More like this photo</source>
        <translation>More like this photo</translation>
    </message>
    <message>
        <source>Assign a label</source>
        <translation>Assign a label</translation>
    </message>
    <message>
        <source>Take this label off</source>
        <translation>Take this label off</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>Show in the file manager</translation>
    </message>
    <message>
        <source>Add a folder of photos to begin, with the button at the left or by dropping it there.</source>
        <translation>Add a folder of photos to begin, with the button at the left or by dropping it there.</translation>
    </message>
    <message>
        <source>There are no photos here yet.</source>
        <translation>There are no photos here yet.</translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>Nothing was found.</translation>
    </message>
    <message>
        <source>Nothing matches for sure. Possibly related:</source>
        <translation>Nothing matches for sure. Possibly related:</translation>
    </message>
    <message>
        <source>Possibly related</source>
        <translation>Possibly related</translation>
    </message>
    <message>
        <source>&amp;Rating</source>
        <translation>&amp;Rating</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Rating</translation>
    </message>
    <message>
        <source>No stars</source>
        <translation>No stars</translation>
    </message>
    <message>
        <source>What is &amp;not indexed…</source>
        <translation>What is &amp;not indexed…</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>&amp;Models…</translation>
    </message>
    <message>
        <source>&amp;Computing…</source>
        <translation>&amp;Computing…</translation>
    </message>
    <message>
        <source>Move to the &amp;trash…</source>
        <translation>Move to the &amp;trash…</translation>
    </message>
    <message>
        <source>Move to the trash…</source>
        <translation>Move to the trash…</translation>
    </message>
    <message>
        <source>This photo is no longer here: it was not moved to the trash.</source>
        <translation>This photo is no longer here: it was not moved to the trash.</translation>
    </message>
    <message>
        <source>&amp;Save this search…</source>
        <translation>&amp;Save this search…</translation>
    </message>
    <message>
        <source>&amp;Clear the history</source>
        <translation>&amp;Clear the history</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::SearchField</name>
    <message>
        <source>Description</source>
        <translation>Description</translation>
    </message>
    <message>
        <source>Describe a photo in Chinese, such as 雪地里奔跑的狗</source>
        <translation>Describe a photo in Chinese, such as 雪地里奔跑的狗</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>Save this search</translation>
    </message>
    <message>
        <source>This search is saved.</source>
        <translation>This search is saved.</translation>
    </message>
    <message>
        <source>Save this search: it is then found at the left (Ctrl+D).</source>
        <translation>Save this search: it is then found at the left (Ctrl+D).</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::SearchNameDialog</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>It needs a name.</source>
        <translation>It needs a name.</translation>
    </message>
    <message>
        <source>Another saved search has this name.</source>
        <translation>Another saved search has this name.</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::SearchPanel</name>
    <message>
        <source>Rename…</source>
        <translation>Rename…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Delete…</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>Saved searches</translation>
    </message>
    <message>
        <source>Type what to search for first.</source>
        <translation>Type what to search for first.</translation>
    </message>
    <message>
        <source>This search is saved already, as “%1”.</source>
        <translation>This search is saved already, as “%1”.</translation>
    </message>
    <message>
        <source>Save the search</source>
        <translation>Save the search</translation>
    </message>
    <message>
        <source>Rename the saved search</source>
        <translation>Rename the saved search</translation>
    </message>
    <message>
        <source>Delete the saved search</source>
        <translation>Delete the saved search</translation>
    </message>
    <message>
        <source>Delete the saved search “%1”? The photos stay.</source>
        <translation>Delete the saved search “%1”? The photos stay.</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::MessageLine</name>
    <message>
        <source>No model could be loaded, so photos are neither searched for nor indexed: %1 Choose another model under Library → Models…, or another device under Library → Computing….</source>
        <translation>No model could be loaded, so photos are neither searched for nor indexed: %1 Choose another model under Library → Models…, or another device under Library → Computing….</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::MissingLine</name>
    <message>
        <source>Remove them</source>
        <translation>Remove them</translation>
    </message>
    <message>
        <source>Take them out of the library; their labels and stars are kept</source>
        <translation>Take them out of the library; their labels and stars are kept</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Keep them</translation>
    </message>
    <message>
        <source>Leave them in the library, in case that a disk comes back</source>
        <translation>Leave them in the library, in case that a disk comes back</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) have gone from the disk all at once. They stay in the library until you decide.</source>
        <translation>
            <numerusform>%n photo has gone from the disk. It stays in the library until you decide.</numerusform>
            <numerusform>%n photos have gone from the disk all at once. They stay in the library until you decide.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ModelRow</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 of %2</translation>
    </message>
    <message>
        <source>%1, %2/s</source>
        <translation>%1, %2/s</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n minute(s) left</source>
        <translation>
            <numerusform>%1, %n minute left</numerusform>
            <numerusform>%1, %n minutes left</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, less than a minute left</source>
        <translation>%1, less than a minute left</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Use</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Verify</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Remove…</translation>
    </message>
    <message>
        <source>Reads all its files again, and compares them with what they were.</source>
        <translation>Reads all its files again, and compares them with what they were.</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>Starter model</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Downloading</translation>
    </message>
    <message>
        <source>Being added</source>
        <translation>Being added</translation>
    </message>
    <message>
        <source>Being verified</source>
        <translation>Being verified</translation>
    </message>
    <message>
        <source>Being removed</source>
        <translation>Being removed</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Damaged</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In use</translation>
    </message>
    <message>
        <source>Part of the program</source>
        <translation>Part of the program</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Installed</translation>
    </message>
    <message>
        <source>Not here; %1 of %2 have arrived</source>
        <translation>Not here; %1 of %2 have arrived</translation>
    </message>
    <message>
        <source>Not here</source>
        <translation>Not here</translation>
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
        <translation>Memory: %1</translation>
    </message>
    <message>
        <source>Size: %1</source>
        <translation>Size: %1</translation>
    </message>
    <message>
        <source>A small model to begin with.</source>
        <translation>A small model to begin with.</translation>
    </message>
    <message>
        <source>Use another model first.</source>
        <translation>Use another model first.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continue</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Download</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a model, and what the button does</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a model, and what is being done</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ModelSourceField</name>
    <message>
        <source>Another address</source>
        <translation>Another address</translation>
    </message>
    <message>
        <source>Address of a mirror of Hugging Face</source>
        <translation>Address of a mirror of Hugging Face</translation>
    </message>
    <message>
        <source>&amp;Download from:</source>
        <translation>&amp;Download from:</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>Models</translation>
    </message>
    <message>
        <source>A better model finds more, and needs more memory and time. The numbers are the publisher&apos;s: how often, in percent, the right picture is the first result for a Chinese description in three test collections.</source>
        <translation>A better model finds more, and needs more memory and time. The numbers are the publisher&apos;s: how often, in percent, the right picture is the first result for a Chinese description in three test collections.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a model, and what became of it</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>&amp;Add from file or folder…</source>
        <translation>&amp;Add from file or folder…</translation>
    </message>
    <message>
        <source>A &amp;file (.pt, .tar, .zip)…</source>
        <translation>A &amp;file (.pt, .tar, .zip)…</translation>
    </message>
    <message>
        <source>A f&amp;older…</source>
        <translation>A f&amp;older…</translation>
    </message>
    <message>
        <source>Adding a model</source>
        <translation>Adding a model</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Cancel adding</source>
        <translation>Cancel adding</translation>
    </message>
    <message>
        <source>%1 is here. “Use” switches to it.</source>
        <translation>%1 is here. “Use” switches to it.</translation>
    </message>
    <message>
        <source>%1 is in order: every file is what it was when it came.</source>
        <translation>%1 is in order: every file is what it was when it came.</translation>
    </message>
    <message>
        <source>%1 was removed.</source>
        <translation>%1 was removed.</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>Add a model</translation>
    </message>
    <message>
        <source>Models (*.pt *.safetensors *.bin *.tar *.tar.gz *.zip)</source>
        <translation>Models (*.pt *.safetensors *.bin *.tar *.tar.gz *.zip)</translation>
    </message>
    <message>
        <source>Remove the model</source>
        <translation>Remove the model</translation>
    </message>
    <message>
        <source>Remove %1? Its files are deleted; your photos, labels and what it has indexed stay.</source>
        <translation>Remove %1? Its files are deleted; your photos, labels and what it has indexed stay.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Remove</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoBrowser</name>
    <message>
        <source>All photos</source>
        <translation>All photos</translation>
    </message>
    <message>
        <source>“%1” in %2</source>
        <translation>“%1” in %2</translation>
    </message>
    <message>
        <source>Photos like %1</source>
        <translation>Photos like %1</translation>
    </message>
    <message>
        <source>Looks like “%1”</source>
        <translation>Looks like “%1”</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoDelegate</name>
    <message>
        <source>Cannot be read</source>
        <translation>Cannot be read</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoGrid</name>
    <message>
        <source>Photos</source>
        <translation>Photos</translation>
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
%2 × %3 pixels, %4
%5</translation>
    </message>
    <message>
        <source>%1
Video, %2 × %3 pixels, %4
%5</source>
        <translation>%1
Video, %2 × %3 pixels, %4
%5</translation>
    </message>
    <message>
        <source>%1
Its disk is not connected</source>
        <translation>%1
Its disk is not connected</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>RAW</source>
        <translation>RAW</translation>
    </message>
    <message>
        <source>%1
Together with %2</source>
        <translation>%1
Together with %2</translation>
    </message>
    <message>
        <source>%1
Fits at %2</source>
        <translation>%1
Fits at %2</translation>
    </message>
    <message>
        <source>Similarity %1, relevance %2%</source>
        <translation>Similarity %1, relevance %2%</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Similarity %1, of it %2</source>
        <translation>Similarity %1, of it %2</translation>
    </message>
    <message>
        <source>; </source>
        <translation>; </translation>
    </message>
</context>
<context>
    <name>yingxun::ui::PhotoViewer</name>
    <message>
        <source>Large view</source>
        <translation>Large view</translation>
    </message>
    <message>
        <source>This photo says nothing of how it was taken.</source>
        <translation>This photo says nothing of how it was taken.</translation>
    </message>
    <message>
        <source>This photo cannot be read.</source>
        <translation>This photo cannot be read.</translation>
    </message>
    <message>
        <source>%1 is no longer among these photos.</source>
        <translation>%1 is no longer among these photos.</translation>
    </message>
    <message>
        <source>%1   %2 × %3   %4   %5%   %6 of %7</source>
        <translation>%1   %2 × %3   %4   %5%   %6 of %7</translation>
    </message>
    <message>
        <source>No program on this computer plays this video.</source>
        <translation>No program on this computer plays this video.</translation>
    </message>
    <message>
        <source>▶  Play the video: Enter or double click</source>
        <translation>▶  Play the video: Enter or double click</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ProblemsDialog</name>
    <message>
        <source>&amp;Retry</source>
        <translation>&amp;Retry</translation>
    </message>
    <message>
        <source>Unreadable files</source>
        <translation>Unreadable files</translation>
    </message>
    <message>
        <source>Opens all of them again now.</source>
        <translation>Opens all of them again now.</translation>
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
        <translation>Every file could be read.</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::RatingCommand</name>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::RestoreQuestion</name>
    <message>
        <source>The file with your labels and stars is damaged.</source>
        <translation>The file with your labels and stars is damaged.</translation>
    </message>
    <message>
        <source>There is a good copy of %1. Put it back? What was changed since then would be missing; the damaged file is kept beside it.</source>
        <translation>There is a good copy of %1. Put it back? What was changed since then would be missing; the damaged file is kept beside it.</translation>
    </message>
    <message>
        <source>Put the copy of %1 back</source>
        <translation>Put the copy of %1 back</translation>
    </message>
    <message>
        <source>There is no good copy of it yet. Nothing has been changed.</source>
        <translation>There is no good copy of it yet. Nothing has been changed.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quit</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::StatusPanel</name>
    <message>
        <source>Indexing progress</source>
        <translation>Indexing progress</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 on %2</translation>
    </message>
    <message>
        <source>The model that understands your descriptions, and where it runs.</source>
        <translation>The model that understands your descriptions, and where it runs.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
        </translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Resume</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Paused at %1 of %2</source>
        <translation>Paused at %1 of %2</translation>
    </message>
    <message>
        <source>Indexing %1 of %2</source>
        <translation>Indexing %1 of %2</translation>
    </message>
    <message>
        <source>%1, %2 photos/s</source>
        <translation>%1, %2 photos/s</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n minute(s) left</source>
        <translation>
            <numerusform>%1, %n minute left</numerusform>
            <numerusform>%1, %n minutes left</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, less than a minute left</source>
        <translation>%1, less than a minute left</translation>
    </message>
    <message>
        <source>Another Yingxun is indexing this library; this window only reads</source>
        <translation>Another Yingxun is indexing this library; this window only reads</translation>
    </message>
    <message>
        <source>This library cannot be written; this window only reads</source>
        <translation>This library cannot be written; this window only reads</translation>
    </message>
    <message>
        <source>Keep the model that is in use</source>
        <translation>Keep the model that is in use</translation>
    </message>
    <message>
        <source>Loading %1; searches still use the model before</source>
        <translation>Loading %1; searches still use the model before</translation>
    </message>
    <message>
        <source>Preparing photos for %1: %2 of %3; searches still use the model before</source>
        <translation>Preparing photos for %1: %2 of %3; searches still use the model before</translation>
    </message>
    <message>
        <source>The model is being loaded; searches and new photos wait for it</source>
        <translation>The model is being loaded; searches and new photos wait for it</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>No model</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::TrashCommand</name>
    <message>
        <source>Move to the trash</source>
        <translation>Move to the trash</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::TrashQuestion</name>
    <message>
        <source>Move to the trash</source>
        <translation>Move to the trash</translation>
    </message>
    <message numerus="yes">
        <source>Move %n photo(s) to the trash?</source>
        <translation>
            <numerusform>Move %n photo to the trash?</numerusform>
            <numerusform>Move %n photos to the trash?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) go along that are one with them: raw files, or the films of Live Photos.</source>
        <translation>
            <numerusform>%n file goes along that is one with them: a raw file, or the film of a Live Photo.</numerusform>
            <numerusform>%n files go along that are one with them: raw files, or the films of Live Photos.</numerusform>
        </translation>
    </message>
    <message>
        <source>Sidecars (.xmp) go along. Labels and stars are kept, and undoing this puts everything back.</source>
        <translation>Sidecars (.xmp) go along. Labels and stars are kept, and undoing this puts everything back.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Keep</translation>
    </message>
</context>
<context>
    <name>yingxun::ui::ZeroShotPanel</name>
    <message>
        <source>Words such as 狗、猫、海滩</source>
        <translation>Words such as 狗、猫、海滩</translation>
    </message>
    <message>
        <source>Label words</source>
        <translation>Label words</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Matches</translation>
    </message>
    <message>
        <source>Least probability</source>
        <translation>Least probability</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>At least</translation>
    </message>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1  (not understood)</source>
        <translation>%1  (not understood)</translation>
    </message>
    <message>
        <source>%1  (%2)</source>
        <translation>%1  (%2)</translation>
    </message>
</context>
</TS>
