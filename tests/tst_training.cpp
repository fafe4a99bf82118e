// SPDX-License-Identifier: GPL-3.0-or-later
#include <QBuffer>
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

using namespace Qt::StringLiterals;

/// `yingxun-cli train` as a user runs it, on painted pictures and a model of a few thousand weights.
class tst_Training : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void learnsColours();
    void goesOnAfterKillAsIfNothingHadHappened();
    void refusesTheCheckpointOfAnotherRun_data();
    void refusesTheCheckpointOfAnotherRun();
    void explainsBadData();
    void namesTheDevicesThereAreWhenAnotherIsAskedFor();

private:
    QString file(const QString &name) const { return m_directory.filePath(name); }
    QStringList command(const QString &output) const;
    static QByteArray contents(const QString &path);

    QTemporaryDir m_directory;
};

namespace {

constexpr int kPictures = 48;
constexpr int kSteps = 60;
constexpr int kTimeoutMs = 120'000;

struct Answer {
    int code = -1;
    QList<QJsonObject> lines;
    QByteArray err;
};

Answer run(const QStringList &arguments)
{
    QProcess process;
    process.start(QStringLiteral(YINGXUN_CLI), arguments);
    if (!process.waitForFinished(kTimeoutMs))
        return {};
    Answer answer{process.exitCode(), {}, process.readAllStandardError()};
    for (const QByteArray &line : process.readAllStandardOutput().split('\n')) {
        if (!line.isEmpty())
            answer.lines.append(QJsonDocument::fromJson(line).object());
    }
    return answer;
}

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

} // namespace

QByteArray tst_Training::contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void tst_Training::initTestCase()
{
    const QJsonObject vision{{u"image_size"_s, 16},         {u"patch_size"_s, 8},
                             {u"hidden_size"_s, 16},        {u"num_hidden_layers"_s, 1},
                             {u"num_attention_heads"_s, 2}, {u"intermediate_size"_s, 64}};
    QJsonObject text{{u"vocab_size"_s, 8},          {u"hidden_size"_s, 16},
                     {u"num_hidden_layers"_s, 1},   {u"num_attention_heads"_s, 2},
                     {u"intermediate_size"_s, 32},  {u"max_position_embeddings"_s, 64},
                     {u"type_vocab_size"_s, 2},     {u"hidden_act"_s, u"gelu"_s},
                     {u"hidden_dropout_prob"_s, 0}, {u"attention_probs_dropout_prob"_s, 0}};
    const auto model = [&](const QString &name, const QByteArray &words) {
        const QJsonObject config{
            {u"projection_dim"_s, 8}, {u"vision_config"_s, vision}, {u"text_config"_s, text}};
        return QDir().mkpath(file(name)) &&
               write(file(name + u"/config.json"_s), QJsonDocument(config).toJson()) &&
               write(file(name + u"/vocab.txt"_s), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + words);
    };
    QVERIFY(model(u"init"_s, "红\n绿\n蓝\n"));
    QVERIFY(model(u"another"_s, "蓝\n绿\n红\n"));
    text[u"hidden_dropout_prob"_s] = 0.1;
    QVERIFY(model(u"forgetful"_s, "红\n绿\n蓝\n"));

    QByteArray pictures;
    const Qt::GlobalColor colours[] = {Qt::red, Qt::green, Qt::blue};
    QJsonArray shown[3];
    for (int i = 0; i < kPictures; ++i) {
        QImage image(20, 20, QImage::Format_RGB32);
        image.fill(QColor(colours[i % 3]).darker(100 + i));
        QByteArray png;
        QBuffer buffer(&png);
        QVERIFY(buffer.open(QIODevice::WriteOnly) && image.save(&buffer, "PNG"));
        pictures += QByteArray::number(i) + '\t' + png.toBase64(QByteArray::Base64UrlEncoding) + '\n';
        shown[i % 3].append(i);
    }
    QVERIFY(write(file(u"colours_imgs.tsv"_s), pictures));
    QByteArray texts;
    const QString names[] = {u"红"_s, u"绿"_s, u"蓝"_s};
    for (int i = 0; i < 3; ++i) {
        const QJsonObject line{{u"text_id"_s, i}, {u"text"_s, names[i]}, {u"image_ids"_s, shown[i]}};
        texts += QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
    }
    QVERIFY(write(file(u"colours_texts.jsonl"_s), texts));
}

QStringList tst_Training::command(const QString &output) const
{
    return {u"train"_s,
            u"--json"_s,
            u"--from-scratch"_s,
            u"--model"_s,
            file(u"init"_s),
            u"--device"_s,
            u"cpu"_s, // Whose sums are the same each time.
            u"--output"_s,
            file(output),
            u"--steps"_s,
            QString::number(kSteps),
            u"--batch"_s,
            u"16"_s,
            u"--lr"_s,
            u"0.003"_s,
            u"--warmup"_s,
            u"2"_s,
            u"--checkpoint-every"_s,
            u"5"_s,
            file(u"colours"_s)};
}

void tst_Training::learnsColours()
{
    const Answer answer = run(command(u"whole"_s));
    QVERIFY2(answer.code == 0, answer.err.constData());
    const QJsonObject last = answer.lines.last();
    QCOMPARE(last[u"step"_s].toInt(), kSteps);
    QVERIFY2(last[u"accuracy"_s].toDouble() > 0.9,
             QJsonDocument(last).toJson().constData()); // A third by guessing.
    for (const QString &name : {u"config.json"_s, u"model.safetensors"_s, u"vocab.txt"_s})
        QVERIFY2(QFile::exists(file(u"whole/"_s + name)), qUtf8Printable(name));
}

void tst_Training::goesOnAfterKillAsIfNothingHadHappened()
{
    // With dropout: its choices too must be those of a run that nobody killed.
    const QStringList forgetful{u"--model"_s, file(u"forgetful"_s)};
    QCOMPARE(run(command(u"unbroken"_s) + forgetful).code, 0);
    const QString checkpoint = file(u"killed/checkpoint.safetensors"_s);
    QProcess process;
    process.start(QStringLiteral(YINGXUN_CLI), command(u"killed"_s) + forgetful);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(checkpoint), kTimeoutMs);
    process.kill(); // SIGKILL
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitStatus() == QProcess::CrashExit, "the run was over before it could be killed");

    const Answer answer = run(command(u"killed"_s) + forgetful);
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(answer.lines.last()[u"step"_s].toInt(), kSteps);
    const QByteArray model = contents(file(u"killed/model.safetensors"_s));
    QVERIFY(!model.isEmpty());
    QCOMPARE(model, contents(file(u"unbroken/model.safetensors"_s)));
}

void tst_Training::refusesTheCheckpointOfAnotherRun_data()
{
    QTest::addColumn<QStringList>("changed");
    for (const auto &[name, value] :
         {std::pair("batch", "12"), std::pair("lr", "0.0030001"), std::pair("beta1", "0.8"),
          std::pair("beta2", "0.9"), std::pair("epsilon", "1e-7"), std::pair("weight-decay", "0.1"),
          std::pair("smallest-crop", "0.6"), std::pair("extra-texts", "1"), std::pair("seed", "124")})
        QTest::newRow(name) << QStringList{QLatin1String("--") + QLatin1String(name), QLatin1String(value)};
    QTest::newRow("precision") << QStringList{u"--bfloat16"_s};
    QTest::newRow("degradation") << QStringList{u"--degrade"_s};
    QTest::newRow("base model") << QStringList{u"--model"_s, file(u"another"_s)};
}

void tst_Training::refusesTheCheckpointOfAnotherRun()
{
    QFETCH(QStringList, changed);
    const QByteArray before = contents(file(u"whole/checkpoint.safetensors"_s));
    const Answer answer = run(command(u"whole"_s) + changed);
    QVERIFY(answer.code != 0);
    QVERIFY2(answer.err.contains("another run"), answer.err.constData());
    QCOMPARE(contents(file(u"whole/checkpoint.safetensors"_s)), before);
}

void tst_Training::explainsBadData()
{
    QVERIFY(write(file(u"bad_imgs.tsv"_s), "1\tno base64!\n"));
    QVERIFY(write(file(u"bad_texts.jsonl"_s), "{\"text_id\":1,\"text\":\"红\",\"image_ids\":[7]}\n"));
    QStringList arguments = command(u"never"_s);
    arguments.last() = file(u"bad"_s);
    const Answer answer = run(arguments);
    QVERIFY(answer.code != 0);
    QVERIFY2(answer.err.contains("bad_"), answer.err.constData()); // Names the file.
}

void tst_Training::namesTheDevicesThereAreWhenAnotherIsAskedFor()
{
    const Answer answer = run(command(u"nowhere"_s) + QStringList{u"--device"_s, u"cuda:99"_s});
    QCOMPARE(answer.code, 2);
    QVERIFY2(answer.err.contains("there is no device cuda:99 here; there is "), answer.err.constData());
    QVERIFY2(answer.err.contains("cpu"), answer.err.constData());
    QVERIFY(!QFile::exists(file(u"nowhere"_s)));
    // Of the environment, as everywhere; what is named counts for more.
    QVERIFY(qputenv("YINGXUN_DEVICE", "nonsense"));
    QStringList unnamed = command(u"nowhere"_s);
    unnamed.removeAt(unnamed.indexOf(u"--device"_s) + 1);
    unnamed.removeOne(u"--device"_s);
    const Answer variable = run(unnamed);
    const Answer named = run(command(u"whole"_s));
    qunsetenv("YINGXUN_DEVICE");
    QCOMPARE(variable.code, 2);
    QVERIFY2(variable.err.contains("there is no device nonsense here"), variable.err.constData());
    QVERIFY2(named.code == 0, named.err.constData());
}

QTEST_GUILESS_MAIN(tst_Training)
#include "tst_training.moc"
