// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"

#include <QColor>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace {

constexpr int kTimeoutMs = 120'000;

using Row = QList<float>;

struct Answer {
    int code = -1;
    QByteArray out;
    QByteArray err;
    QList<QJsonObject> lines() const
    {
        QList<QJsonObject> all;
        for (const QByteArray &line : out.split('\n')) {
            if (!line.isEmpty())
                all.append(QJsonDocument::fromJson(line).object());
        }
        return all;
    }
};

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Row rowOf(const QJsonObject &line)
{
    Row row;
    for (const QJsonValue &value : line[u"embedding"_s].toArray())
        row.append(static_cast<float>(value.toDouble()));
    return row;
}

/// Rows of little-endian float32 values that fill `bytes`.
QList<Row> rowsOf(const QByteArray &bytes, qsizetype dimension)
{
    QList<Row> rows(bytes.size() / 4 / dimension, Row(dimension));
    for (qsizetype i = 0; i < rows.size() * dimension; ++i)
        rows[i / dimension][i % dimension] = qFromLittleEndian<float>(bytes.constData() + i * 4);
    return rows;
}

double dot(const Row &a, const Row &b)
{
    double sum = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

QList<double> softmax(const QList<double> &logits)
{
    QList<double> shares;
    double sum = 0;
    for (const double logit : logits) {
        shares.append(std::exp(logit - logits.first()));
        sum += shares.last();
    }
    for (double &share : shares)
        share /= sum;
    return shares;
}

} // namespace

/// The commands of yingxun-cli that need no library, as a person runs them with the starter model.
class tst_Commands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void printsEmbeddings();
    void writesEmbeddingsForNumPy();
    void writesEmbeddingsAndWhatTheyAreOf();
    void refusesTwoKindsInOneArray();
    void namesPhotosThatItCannotEmbed();
    void sortsPhotosAmongLabels();
    void sortsPhotosBySentences();
    void tellsPhotosFromLabels();
    void scoresFoldersOfPictures();
    void scoresFeaturesOfAnotherProgram();
    void namesTheDevicesThereAreWhenAnotherIsAskedFor();
    void refusesFloat16OnAProcessor();
    void keepsToTheMemoryThatItIsGiven();
    void runsInThePrecisionThatIsAskedFor();
    void asksASavedSearch();
    void removesWhatWasComputedOfPhotosThatAreGone();

private:
    Answer cli(const QStringList &arguments) const;
    QString file(const QString &name) const { return m_directory.filePath(name); }
    QList<double> probabilities(const QJsonObject &line) const;

    QTemporaryDir m_directory;
    QStringList m_photos;
    QString m_damaged;
    double m_scale = 0; ///< The model's logit scale.
};

Answer tst_Commands::cli(const QStringList &arguments) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"YINGXUN_LANGUAGE"_s, u"en"_s);
    environment.insert(u"YINGXUN_DATA"_s, file(u"data"_s)); // Never the library of whoever runs the tests.
    environment.insert(u"XDG_CONFIG_HOME"_s, file(u"config"_s));
    for (const QString &variable : {u"YINGXUN_MODEL"_s, u"YINGXUN_MEMORY"_s})
        environment.remove(variable);
    // Numbers of several commands are compared; in half precision they depend on what is computed together.
    environment.insert(u"YINGXUN_DEVICE"_s, u"cpu"_s);
    environment.insert(u"YINGXUN_PRECISION"_s, u"float32"_s);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(YINGXUN_CLI), arguments);
    if (!process.waitForFinished(kTimeoutMs))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QList<double> tst_Commands::probabilities(const QJsonObject &line) const
{
    QList<double> all;
    for (const QJsonValue &one : line[u"probabilities"_s].toArray())
        all.append(one[u"probability"_s].toDouble());
    return all;
}

void tst_Commands::initTestCase()
{
    QVERIFY(QDir(m_directory.path()).mkpath(u"photos/below"_s));
    for (const QString &name : {u"a.png"_s, u"b.png"_s, u"below/c.png"_s}) {
        const int number = static_cast<int>(m_photos.size());
        QImage image(160, 120, QImage::Format_RGB32);
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                image.setPixelColor(x, y,
                                    QColor::fromHsv(number * 110, 40 + x, (x * y * (number + 1)) % 256));
        }
        m_photos.append(file(u"photos/"_s + name));
        QVERIFY(image.save(m_photos.last()));
    }
    m_damaged = file(u"damaged.jpg"_s);
    QVERIFY(write(m_damaged, QByteArray("\xff\xd8\xff\xe0") + QByteArray(100, 'x')));
    m_scale = cli({u"info"_s, u"--json"_s}).lines().value(0)[u"logit_scale"_s].toDouble();
    QVERIFY(m_scale > 1);
}

void tst_Commands::printsEmbeddings()
{
    QVERIFY(write(file(u"texts.txt"_s), "\xEF\xBB\xBF一只猫\r\n雪山\r\n"));
    const Answer answer = cli(
        {u"embed"_s, file(u"photos"_s), u"--text"_s, u"皮卡丘"_s, u"--text-file"_s, file(u"texts.txt"_s)});
    QVERIFY2(answer.code == 0, answer.err.constData());
    const auto lines = answer.lines();
    QCOMPARE(lines.size(), 6);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(lines[i][u"image"_s].toString(), m_photos[i]); // The folder below, too.
    QCOMPARE(lines[3][u"text"_s].toString(), u"皮卡丘"_s);
    QCOMPARE(lines[4][u"text"_s].toString(), u"一只猫"_s);
    QCOMPARE(lines[5][u"text"_s].toString(), u"雪山"_s);
    for (const QJsonObject &line : lines) {
        const Row row = rowOf(line);
        QVERIFY(row.size() >= 64 && std::abs(dot(row, row) - 1) < 1e-5);
    }
    QVERIFY(rowOf(lines[4]) != rowOf(lines[5]));
    QCOMPARE(cli({u"embed"_s}).code, 2);
    QVERIFY(write(file(u"gap.txt"_s), "一\n\n二\n"));
    const Answer gap = cli({u"embed"_s, u"--text-file"_s, file(u"gap.txt"_s)});
    QCOMPARE(gap.code, 1);
    QVERIFY2(gap.err.contains("gap.txt line 2"), gap.err.constData());
}

void tst_Commands::writesEmbeddingsForNumPy()
{
    const QString npy = file(u"out.npy"_s);
    const Answer answer = cli(QStringList{u"embed"_s, u"--output"_s, npy} + m_photos);
    QVERIFY2(answer.code == 0, answer.err.constData());
    const QByteArray bytes = contents(npy);
    QVERIFY(bytes.startsWith(QByteArray("\x93NUMPY\x01\x00", 8)));
    const int length = qFromLittleEndian<quint16>(bytes.constData() + 8);
    QCOMPARE((10 + length) % 64, 0);
    const QByteArray header = bytes.mid(10, length);
    QVERIFY(header.endsWith('\n'));
    const auto lines = cli(QStringList{u"embed"_s} + m_photos).lines();
    const qsizetype dimension = rowOf(lines.value(0)).size();
    const QString expected = u"{'descr': '<f4', 'fortran_order': False, 'shape': (3, %1), }"_s.arg(dimension);
    QCOMPARE(header.trimmed(), expected.toLatin1());
    QCOMPARE(bytes.size(), 10 + length + 3 * dimension * 4);
    const QList<Row> rows = rowsOf(bytes.mid(10 + length), dimension);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(rows[i], rowOf(lines[i])); // To the last bit.

    QCOMPARE(cli({u"embed"_s, u"-o"_s, npy, u"--text"_s, u"猫"_s}).code,
             0); // Texts alone, over the old file.
    QVERIFY(contents(npy).contains("'shape': (1, "));
    QCOMPARE(QDir(m_directory.path()).entryList({u"out.npy*"_s}), QStringList{u"out.npy"_s});
}

void tst_Commands::writesEmbeddingsAndWhatTheyAreOf()
{
    const QString output = file(u"out.safetensors"_s);
    const QStringList what{u"embed"_s, m_photos[0], m_photos[2], u"--text"_s, u"皮卡丘"_s};
    const Answer answer = cli(what + QStringList{u"--output"_s, output});
    QVERIFY2(answer.code == 0, answer.err.constData());
    const auto lines = cli(what).lines();
    const QByteArray bytes = contents(output);
    const auto length = static_cast<qsizetype>(qFromLittleEndian<quint64>(bytes.constData()));
    const QJsonObject header = QJsonDocument::fromJson(bytes.mid(8, length)).object();
    const QJsonObject metadata = header[u"__metadata__"_s].toObject();
    QCOMPARE(QJsonDocument::fromJson(metadata[u"images"_s].toString().toUtf8()).array(),
             QJsonArray({m_photos[0], m_photos[2]}));
    QCOMPARE(QJsonDocument::fromJson(metadata[u"texts"_s].toString().toUtf8()).array(),
             QJsonArray({u"皮卡丘"_s}));
    const auto rows = [&](const QString &name) {
        const QJsonObject tensor = header[name].toObject();
        const QJsonArray offsets = tensor[u"data_offsets"_s].toArray();
        const qsizetype begin = offsets[0].toInt();
        return tensor[u"dtype"_s].toString() == u"F32"_s
                   ? rowsOf(bytes.mid(8 + length + begin, offsets[1].toInt() - begin),
                            tensor[u"shape"_s][1].toInt())
                   : QList<Row>();
    };
    QCOMPARE(rows(u"img_embedding"_s), (QList<Row>{rowOf(lines[0]), rowOf(lines[1])}));
    QCOMPARE(rows(u"text_embedding"_s), (QList<Row>{rowOf(lines[2])}));
}

void tst_Commands::refusesTwoKindsInOneArray()
{
    const QString output = file(u"both.npy"_s);
    const Answer answer = cli({u"embed"_s, m_photos[0], u"--text"_s, u"猫"_s, u"--output"_s, output});
    QCOMPARE(answer.code, 2);
    QVERIFY2(answer.err.contains(".safetensors"), answer.err.constData());
    QVERIFY(!QFile::exists(output));
    const Answer csv = cli({u"embed"_s, m_photos[0], u"--output"_s, file(u"out.csv"_s)});
    QCOMPARE(csv.code, 2);
    QVERIFY2(csv.err.contains(".jsonl"), csv.err.constData());
}

void tst_Commands::namesPhotosThatItCannotEmbed()
{
    const QString gone = file(u"gone.png"_s);
    const QString output = file(u"some.jsonl"_s);
    const QStringList photos{m_photos[0], m_damaged, gone, m_photos[1]};
    const Answer answer = cli(QStringList{u"embed"_s, u"--output"_s, output} + photos);
    QCOMPARE(answer.code, 1);
    QVERIFY2(answer.err.contains("damaged.jpg") && answer.err.contains("gone.png"), answer.err.constData());
    QVERIFY2(answer.err.contains("2 of 4 photos"), answer.err.constData());
    const auto lines = Answer{0, contents(output), {}}.lines();
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[1][u"image"_s].toString(), m_photos[1]);
    const Answer array = cli(QStringList{u"embed"_s, u"--output"_s, file(u"some.npy"_s)} + photos);
    QCOMPARE(array.code, 1);
    QVERIFY(contents(file(u"some.npy"_s)).contains("'shape': (2, "));
    // Of nothing there is no file, and an older one stays.
    QCOMPARE(cli({u"embed"_s, u"--output"_s, output, m_damaged}).code, 1);
    QCOMPARE(Answer({0, contents(output), {}}).lines().size(), 2);
    QCOMPARE(cli({u"embed"_s, u"--output"_s, file(u"none.npy"_s), m_damaged}).code, 1);
    QVERIFY(!QFile::exists(file(u"none.npy"_s)));
}

void tst_Commands::sortsPhotosAmongLabels()
{
    const QStringList labels{u"杰尼龟"_s, u"妙蛙种子"_s, u"小火龙"_s, u"皮卡丘"_s};
    const Answer answer = cli(QStringList{u"classify"_s, u"--json"_s, m_photos[0], m_photos[1]} + labels);
    QVERIFY2(answer.code == 0, answer.err.constData());
    QStringList texts;
    for (const QString &label : labels)
        texts << u"--text"_s << label;
    const auto rows = cli(QStringList{u"embed"_s, m_photos[0], m_photos[1]} + texts).lines();
    QCOMPARE(answer.lines().size(), 2);
    for (int photo = 0; photo < 2; ++photo) {
        const QJsonObject line = answer.lines()[photo];
        QCOMPARE(line[u"path"_s].toString(), m_photos[photo]);
        QList<double> logits;
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(line[u"probabilities"_s][i][u"label"_s].toString(), labels[i]);
            logits.append(m_scale * dot(rowOf(rows[photo]), rowOf(rows[2 + i])));
        }
        const QList<double> expected = softmax(logits);
        double sum = 0;
        for (int i = 0; i < 4; ++i) {
            sum += probabilities(line)[i];
            QVERIFY2(std::abs(probabilities(line)[i] - expected[i]) < 1e-4, answer.out.constData());
        }
        QVERIFY(std::abs(sum - 1) < 1e-5);
    }

    const Answer best =
        cli(QStringList{u"classify"_s, u"--json"_s, u"--top"_s, u"2"_s, m_photos[0]} + labels);
    const QList<double> two = probabilities(best.lines().value(0));
    QCOMPARE(two.size(), 2);
    const QList<double> all = probabilities(answer.lines()[0]);
    // Batches of another size differ in the last bits.
    QVERIFY(std::abs(two[0] - *std::max_element(all.begin(), all.end())) < 1e-4);
    QVERIFY(two[0] >= two[1]);

    QVERIFY(write(file(u"labels.txt"_s), labels.join(u'\n').toUtf8()));
    const Answer fromFile =
        cli({u"classify"_s, u"--json"_s, u"--labels"_s, file(u"labels.txt"_s), file(u"photos"_s), m_damaged});
    QCOMPARE(fromFile.code, 1); // For the damaged one.
    QCOMPARE(fromFile.lines().size(), 3);
    QCOMPARE(fromFile.lines()[0][u"path"_s].toString(), m_photos[0]);
    for (int i = 0; i < 4; ++i)
        QVERIFY(std::abs(probabilities(fromFile.lines()[0])[i] - all[i]) < 1e-4);
}

void tst_Commands::sortsPhotosBySentences()
{
    QVERIFY(write(file(u"sentences.txt"_s), "# 注释\n一张{}的照片\n\n{}，就是{}\n"));
    const Answer answer = cli({u"classify"_s, u"--json"_s, u"--templates"_s, file(u"sentences.txt"_s),
                               m_photos[0], u"猫"_s, u"狗"_s});
    QVERIFY2(answer.code == 0, answer.err.constData());
    const auto rows = cli({u"embed"_s, m_photos[0], u"--text"_s, u"一张猫的照片"_s, u"--text"_s,
                           u"猫，就是猫"_s, u"--text"_s, u"一张狗的照片"_s, u"--text"_s, u"狗，就是狗"_s})
                          .lines();
    QList<double> logits;
    for (const int first : {1, 3}) {
        Row mean = rowOf(rows[first]);
        const Row other = rowOf(rows[first + 1]);
        for (qsizetype i = 0; i < mean.size(); ++i)
            mean[i] += other[i];
        logits.append(m_scale * dot(rowOf(rows[0]), mean) / std::sqrt(dot(mean, mean)));
    }
    const QList<double> expected = softmax(logits);
    QVERIFY2(std::abs(probabilities(answer.lines().value(0))[0] - expected[0]) < 1e-4,
             answer.out.constData());

    QVERIFY(write(file(u"wrong.txt"_s), "{}的照片\n一张照片\n"));
    const Answer wrong =
        cli({u"classify"_s, u"--templates"_s, file(u"wrong.txt"_s), m_photos[0], u"猫"_s, u"狗"_s});
    QCOMPARE(wrong.code, 1);
    QVERIFY2(wrong.err.contains("wrong.txt line 2"), wrong.err.constData());
}

void tst_Commands::tellsPhotosFromLabels()
{
    const Answer mistyped = cli({u"classify"_s, m_photos[0], u"gone.png"_s, u"猫"_s, u"狗"_s});
    QCOMPARE(mistyped.code, 2);
    QVERIFY2(mistyped.err.contains("gone.png"), mistyped.err.constData());
    QCOMPARE(cli({u"classify"_s, u"猫"_s, u"狗"_s}).code, 2);
    QCOMPARE(cli({u"classify"_s, m_photos[0]}).code, 2);
    QCOMPARE(cli({u"classify"_s, m_photos[0], u"猫"_s}).code, 2);
}

void tst_Commands::scoresFoldersOfPictures()
{
    // As the ELEVATER data sets: the folders' names say nothing, their order does.
    const QStringList names{u"红色的花纹"_s, u"绿色的花纹"_s, u"蓝色的花纹"_s};
    const QStringList folders{u"0_z"_s, u"1_a"_s, u"2_m"_s};
    const QString set = file(u"elevater"_s);
    for (int i = 0; i < 3; ++i) {
        const QString folder = set + u"/test/"_s + folders[i];
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(QFile::copy(m_photos[i], folder + u"/x.png"_s));
        if (i == 1)
            QVERIFY(QFile::copy(m_photos[0], folder + u"/y.png"_s));
    }
    QVERIFY(write(set + u"/label_cn.txt"_s, names.join(u'\n').toUtf8() + '\n'));
    // What is to come out, by the other command.
    const auto sorted = cli(QStringList{u"classify"_s, u"--json"_s, u"--templates"_s, u"standard"_s,
                                        u"--top"_s, u"1"_s, set + u"/test"_s} +
                            names)
                            .lines();
    QCOMPARE(sorted.size(), 4);
    int right = 0;
    double perClass = 0;
    for (const QJsonObject &line : sorted) {
        const int truth = static_cast<int>(folders.indexOf(line[u"path"_s].toString().section(u'/', -2, -2)));
        if (line[u"probabilities"_s][0][u"label"_s].toString() == names[truth]) {
            ++right;
            perClass += truth == 1 ? 0.5 : 1;
        }
    }
    const Answer answer = cli({u"eval"_s, u"zeroshot"_s, u"--json"_s, set});
    QVERIFY2(answer.code == 0, answer.err.constData());
    const QJsonObject scores = answer.lines().value(0);
    QCOMPARE(scores[u"pictures"_s].toInt(), 4);
    QCOMPARE(scores[u"top1"_s].toDouble(), right * 25.0);
    QCOMPARE(scores[u"top5"_s].toDouble(), 100.0);
    QVERIFY(std::abs(scores[u"mean_per_class"_s].toDouble() - 100 * perClass / 3) < 0.01);
    // The same by the folder of the folders alone, whose names lie beside it.
    QCOMPARE(cli({u"eval"_s, u"zeroshot"_s, u"--json"_s, set + u"/test/"_s}).out, answer.out);

    // Every label is another's: all that was right is wrong.
    const QStringList turned{names[1], names[2], names[0]};
    QVERIFY(write(file(u"turned.txt"_s), turned.join(u'\n').toUtf8()));
    const Answer other =
        cli({u"eval"_s, u"zeroshot"_s, u"--json"_s, set, u"--classes"_s, file(u"turned.txt"_s)});
    QVERIFY2(other.code == 0, other.err.constData());
    QVERIFY(other.lines().value(0)[u"top1"_s].toDouble() <= 100 - right * 25.0);

    QVERIFY(write(file(u"short.txt"_s), "红色\n绿色\n"));
    const Answer few = cli({u"eval"_s, u"zeroshot"_s, set, u"--classes"_s, file(u"short.txt"_s)});
    QCOMPARE(few.code, 1);
    QVERIFY2(few.err.contains("3 class folders") && few.err.contains("2 lines"), few.err.constData());
    const Answer unnamed = cli({u"eval"_s, u"zeroshot"_s, file(u"photos"_s)});
    QCOMPARE(unnamed.code, 1);
    QVERIFY2(unnamed.err.contains("--classes"), unnamed.err.constData());
}

void tst_Commands::scoresFeaturesOfAnotherProgram()
{
    QVERIFY(write(file(u"set_imgs.img_feat.jsonl"_s),
                  "{\"image_id\":7,\"feature\":[1,0]}\n{\"image_id\":9,\"feature\":[0,1]}\n"));
    QVERIFY(write(file(u"set_texts.txt_feat.jsonl"_s),
                  "{\"text_id\":1,\"feature\":[1,0]}\n{\"text_id\":2,\"feature\":[1,0]}\n"));
    QVERIFY(write(file(u"set_texts.jsonl"_s), "{\"text_id\":1,\"text\":\"\",\"image_ids\":[7]}\n"
                                              "{\"text_id\":2,\"text\":\"\",\"image_ids\":[9]}\n"));
    const QStringList command{u"eval"_s, u"retrieval"_s, u"--features"_s, u"--json"_s, file(u"set"_s)};
    const Answer answer = cli(command);
    QVERIFY2(answer.code == 0, answer.err.constData());
    const QJsonObject scores = answer.lines().value(0)[u"text_to_image"_s].toObject();
    QCOMPARE(scores[u"r1"_s].toDouble(), 50.0);
    QCOMPARE(scores[u"r5"_s].toDouble(), 100.0);
    QVERIFY(write(file(u"set_texts.jsonl"_s), "{\"text_id\":1,\"text\":\"\",\"image_ids\":[8]}\n"));
    const Answer unknown = cli(command);
    QCOMPARE(unknown.code, 1);
    QVERIFY2(unknown.err.contains("set_texts.jsonl line 1"), unknown.err.constData());
}

void tst_Commands::namesTheDevicesThereAreWhenAnotherIsAskedFor()
{
    for (const QStringList &command :
         {QStringList{u"info"_s}, {u"embed"_s, u"--text"_s, u"猫"_s}, {u"search"_s, u"猫"_s}}) {
        const Answer answer = cli(command + QStringList{u"--device"_s, u"cuda:7"_s});
        QCOMPARE(answer.code, 2);
        QVERIFY(answer.err.contains("there is no device cuda:7 here; there is "));
        QVERIFY(answer.err.contains("cpu"));
    }
    QCOMPARE(cli({u"eval"_s, u"retrieval"_s, u"data"_s, u"--device"_s, u"cuda:7"_s}).code, 2);
}

void tst_Commands::refusesFloat16OnAProcessor()
{
    const Answer half = cli({u"info"_s, u"--device"_s, u"cpu"_s, u"--precision"_s, u"float16"_s});
    QCOMPARE(half.code, 2);
    QVERIFY(half.err.contains("take bfloat16 or float32"));
    const Answer none = cli({u"info"_s, u"--precision"_s, u"float8"_s});
    QCOMPARE(none.code, 2);
    QVERIFY(none.err.contains("there are auto, float32, bfloat16 and float16"));
}

void tst_Commands::keepsToTheMemoryThatItIsGiven()
{
    const QStringList command{u"embed"_s, u"--text"_s, u"猫"_s, u"--device"_s, u"cpu"_s, u"--memory"_s};
    for (const QString &wrong : {u"much"_s, u"0"_s, u"-5"_s, u"1.5"_s, u"99999999999"_s}) {
        const Answer answer = cli(command + QStringList{wrong});
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.err.contains("is no amount of memory; give whole MiB"), answer.err.constData());
    }
    const Answer little = cli(command + QStringList{u"1"_s});
    QCOMPARE(little.code, 2);
    QVERIFY2(little.err.contains("may only take 1 MiB"), little.err.constData());
    const Answer enough = cli(command + QStringList{u"4096"_s});
    QCOMPARE(enough.code, 0);
    QVERIFY(!rowOf(enough.lines().value(0)).isEmpty());
}

void tst_Commands::runsInThePrecisionThatIsAskedFor()
{
    for (const QString &precision : {u"bfloat16"_s, u"float32"_s}) {
        const Answer info =
            cli({u"info"_s, u"--json"_s, u"--device"_s, u"cpu"_s, u"--precision"_s, precision});
        QCOMPARE(info.code, 0);
        const QJsonObject told = QJsonDocument::fromJson(info.out).object();
        QCOMPARE(told[u"device"_s].toString(), u"cpu"_s);
        QCOMPARE(told[u"precision"_s].toString(), precision);
        QCOMPARE(told[u"devices"_s].toArray().last().toString(), u"cpu"_s);
    }
    // A photo: texts stay in float32 on processors that read packed weights, see ClipModule::place().
    const QStringList photo{u"embed"_s, m_photos[0], u"--device"_s, u"cpu"_s, u"--precision"_s};
    const Row half = rowOf(cli(photo + QStringList{u"bfloat16"_s}).lines().value(0));
    const Row full = rowOf(cli(photo + QStringList{u"float32"_s}).lines().value(0));
    QVERIFY(!full.isEmpty() && half.size() == full.size());
    QVERIFY(half != full && dot(half, full) > 0.999);
}

void tst_Commands::asksASavedSearch()
{
    const QString data = file(u"searches"_s);
    {
        auto catalogue = yingxun::db::Catalogue::open(data.toStdString());
        QVERIFY(catalogue && catalogue->addSearch("png", "格式:png \"x\"") &&
                catalogue->addSearch("我的 GIF", "格式:gif"));
        QVERIFY(catalogue->addSearch("所有", "格式:png"));
    }
    const QStringList library{u"--data"_s, data};
    QCOMPARE(cli(QStringList{u"index"_s, file(u"photos"_s)} + library).code, 0);

    const Answer listed = cli(QStringList{u"search"_s, u"--list-saved"_s} + library);
    QVERIFY2(listed.code == 0, listed.err.constData());
    QCOMPARE(QString::fromUtf8(listed.out), u"png\t格式:png \"x\"\n我的 GIF\t格式:gif\n所有\t格式:png\n"_s);
    const Answer json = cli(QStringList{u"search"_s, u"--list-saved"_s, u"--json"_s} + library);
    QCOMPARE(json.lines().size(), 3);
    QCOMPARE(json.lines().value(0), QJsonObject({{u"name"_s, u"png"_s}, {u"line"_s, u"格式:png \"x\""_s}}));

    const auto ask = [&](const QString &name) {
        return cli(QStringList{u"search"_s, u"--saved"_s, name, u"--json"_s} + library);
    };
    QCOMPARE(ask(u"所有"_s).lines().size(), 3);
    const Answer none = ask(u"我的 GIF"_s);
    QVERIFY2(none.code == 0, none.err.constData());
    QVERIFY(none.lines().isEmpty());
    const Answer unknown = ask(u"没有"_s);
    QCOMPARE(unknown.code, 1);
    QVERIFY2(unknown.err.contains("“没有”") && unknown.err.contains("--list-saved"), unknown.err.constData());
    QCOMPARE(cli(QStringList{u"search"_s, u"猫"_s, u"--saved"_s, u"所有"_s} + library).code, 2);
    QCOMPARE(cli(QStringList{u"search"_s, u"猫"_s, u"--list-saved"_s} + library).code, 2);
}

void tst_Commands::removesWhatWasComputedOfPhotosThatAreGone()
{
    const QString photos = file(u"some photos"_s);
    QVERIFY(QDir().mkpath(photos));
    for (const QString &photo : std::as_const(m_photos))
        QVERIFY(QFile::copy(photo, photos + u'/' + QFileInfo(photo).fileName()));
    const Answer indexed = cli({u"index"_s, photos});
    QVERIFY2(indexed.code == 0, indexed.err.constData());
    QVERIFY(QFile::remove(photos + u"/a.png"_s));
    QFile beside(photos + u"/b.xmp"_s);
    QVERIFY(beside.open(QIODevice::WriteOnly));
    beside.write("<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
                 "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
                 "xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Model='X-T5'/></rdf:RDF></x:xmpmeta>");
    beside.close();
    QCOMPARE(cli({u"index"_s}).code, 0);
    const Answer said = cli({u"info"_s, photos + u"/b.png"_s});
    QVERIFY2(said.code == 0 && said.out.contains("  X-T5\n"), (said.out + said.err).constData());
    const Answer json = cli({u"info"_s, photos + u"/b.png"_s, u"--json"_s});
    QCOMPARE(json.lines().value(0)[u"camera_model"_s].toString(), u"X-T5"_s);
    QCOMPARE(cli({u"info"_s, photos + u"/a.png"_s}).code, 1); // It has gone.

    const Answer kept = cli({u"gc"_s});
    QVERIFY2(kept.code == 0, kept.err.constData());
    QVERIFY2(kept.out.contains("of 0 photos (0 thumbnails, 0 embeddings, 0 bytes)"), kept.out.constData());
    QVERIFY2(kept.out.contains("Waiting: 1, the first of them for 90 more days"), kept.out.constData());
    QCOMPARE(cli({u"info"_s, u"--json"_s}).lines().value(0)[u"embeddings"_s].toInt(), 3);

    const Answer gone = cli({u"gc"_s, u"--now"_s, u"--json"_s});
    QVERIFY2(gone.code == 0, gone.err.constData());
    const QJsonObject line = gone.lines().value(0);
    for (const QString &name : {u"contents"_s, u"thumbnails"_s, u"embeddings"_s})
        QCOMPARE(line[name].toInt(), 1);
    QVERIFY(line[u"bytes"_s].toInt() > 0);
    QCOMPARE(line[u"waiting"_s].toInt(-1), 0);
    QVERIFY(!line.contains(u"next_in_days"_s));
    QCOMPARE(cli({u"info"_s, u"--json"_s}).lines().value(0)[u"embeddings"_s].toInt(), 2);
    QCOMPARE(cli({u"gc"_s, u"a.png"_s}).code, 2);

    // A catalogue made anew: nothing is known to be gone until all has been looked through.
    for (const QString &name : {u"cache.db"_s, u"cache.db-wal"_s, u"cache.db-shm"_s})
        QFile::remove(file(u"data/"_s + name));
    const Answer refused = cli({u"gc"_s, u"--now"_s});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("run “index”"), refused.err.constData());
    QCOMPARE(cli({u"info"_s, u"--json"_s}).lines().value(0)[u"embeddings"_s].toInt(), 2);
    QCOMPARE(cli({u"index"_s}).code, 0);
    QCOMPARE(cli({u"gc"_s, u"--now"_s}).code, 0);
    QCOMPARE(cli({u"info"_s, u"--json"_s}).lines().value(0)[u"embeddings"_s].toInt(), 2);
}

QTEST_GUILESS_MAIN(tst_Commands)
#include "tst_commands.moc"
