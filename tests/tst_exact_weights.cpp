// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/shared_data.h"

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
#include <limits>

using namespace Qt::StringLiterals;

namespace {

constexpr int kTimeoutMs = 60'000;
const QString kTiny = QStringLiteral(YINGXUN_SHARED_DIR "/golden/tiny/tiny_vit");

using Rows = QList<QList<double>>;

struct Answer {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A float32 tensor of two dimensions.
Rows tensor(const QString &safetensors, const QString &name)
{
    const QByteArray bytes = contents(safetensors);
    if (bytes.size() < 8)
        return {};
    const auto length = static_cast<qsizetype>(qFromLittleEndian<quint64>(bytes.constData()));
    const QJsonObject entry = QJsonDocument::fromJson(bytes.mid(8, length)).object()[name].toObject();
    const char *data = bytes.constData() + 8 + length + entry[u"data_offsets"_s][0].toInteger();
    Rows rows(entry[u"shape"_s][0].toInt(), QList<double>(entry[u"shape"_s][1].toInt()));
    for (QList<double> &row : rows) {
        for (double &value : row) {
            value = static_cast<double>(qFromLittleEndian<float>(data));
            data += sizeof(float);
        }
    }
    return rows;
}

/// The largest difference of the first rows; infinite where there are none.
double difference(const Rows &some, const Rows &all)
{
    double worst = some.isEmpty() || some.size() > all.size() ? std::numeric_limits<double>::infinity() : 0;
    for (qsizetype i = 0; i < some.size() && worst < 1; ++i) {
        if (some[i].size() != all[i].size())
            return std::numeric_limits<double>::infinity();
        for (qsizetype k = 0; k < some[i].size(); ++k)
            worst = std::max(worst, std::abs(some[i][k] - all[i][k]));
    }
    return worst;
}

} // namespace

/// --exact-weights, as somebody uses it who compares with what PyTorch computes in float32.
class tst_ExactWeights : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void givesWhatFloat32Gives();
    void keepsTheEmbeddingsApart();
    void changesNothingWhereThereIsNothingToRound();

private:
    Answer cli(const QStringList &arguments) const;
    QJsonObject info(const QStringList &options) const
    {
        return QJsonDocument::fromJson(cli(QStringList{u"info"_s, u"--json"_s} + options).out).object();
    }
    Rows embeddedTexts(const QStringList &options) const;

    QTemporaryDir m_directory;
    const QStringList m_tiny{u"--model"_s, kTiny + u"/hf"_s, u"--device"_s,
                             u"cpu"_s,     u"--precision"_s, u"float32"_s};
};

Answer tst_ExactWeights::cli(const QStringList &arguments) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"YINGXUN_LANGUAGE"_s, u"en"_s);
    environment.insert(u"YINGXUN_DATA"_s, m_directory.filePath(u"data"_s));
    environment.insert(u"XDG_CONFIG_HOME"_s, m_directory.filePath(u"config"_s));
    for (const QString &variable : {u"YINGXUN_MODEL"_s, u"YINGXUN_DEVICE"_s, u"YINGXUN_PRECISION"_s})
        environment.remove(variable);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(YINGXUN_CLI), arguments);
    if (!process.waitForFinished(kTimeoutMs))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

Rows tst_ExactWeights::embeddedTexts(const QStringList &options) const
{
    QStringList command{u"embed"_s};
    const QJsonArray texts = QJsonDocument::fromJson(contents(kTiny + u"/texts.json"_s)).array();
    for (int i = 0; i < 4; ++i)
        command += {u"--text"_s, texts[i].toString()};
    Rows rows;
    for (const QByteArray &line : cli(command + m_tiny + options).out.split('\n')) {
        QList<double> row;
        for (const QJsonValue &value : QJsonDocument::fromJson(line).object()[u"embedding"_s].toArray())
            row.append(value.toDouble());
        if (!row.isEmpty())
            rows.append(row);
    }
    return rows;
}

void tst_ExactWeights::initTestCase()
{
    if (!QFile::exists(kTiny))
        SKIP_WITHOUT_SHARED("weights of more than fp16 need golden/tiny");
    QImage photo(8, 8, QImage::Format_RGB32);
    photo.fill(Qt::darkGreen);
    QVERIFY(QDir(m_directory.path()).mkpath(u"photos"_s) &&
            photo.save(m_directory.filePath(u"photos/a.png"_s)));
}

void tst_ExactWeights::givesWhatFloat32Gives()
{
    constexpr double kTolerance = 2e-6; // The two differ by a hundred times that: golden/README.md.
    const QString expected = kTiny + u"/expected.safetensors"_s;
    const Rows exact = tensor(expected, u"fp32.text_features_norm"_s);
    const Rows rounded = tensor(expected, u"fp16w.text_features_norm"_s);
    QVERIFY(difference(exact, rounded) > 1e-4);
    for (int use = 0; use < 2; ++use) { // The second finds the compact copy that the first has made.
        QVERIFY(difference(embeddedTexts({}), rounded) < kTolerance);
        QVERIFY(difference(embeddedTexts({u"--exact-weights"_s}), exact) < kTolerance);
    }
    QVERIFY(cli({u"search"_s, u"--help"_s}).out.contains("--exact-weights"));
}

void tst_ExactWeights::keepsTheEmbeddingsApart()
{
    QCOMPARE(cli(QStringList{u"index"_s, m_directory.filePath(u"photos"_s)} + m_tiny).code, 0);
    QCOMPARE(info(m_tiny)[u"embeddings"_s].toInt(-1), 1);
    const QStringList exact = m_tiny + QStringList{u"--exact-weights"_s};
    QCOMPARE(info(exact)[u"embeddings"_s].toInt(-1), 0);
    QCOMPARE(cli(QStringList{u"index"_s} + exact).code, 0);
    QCOMPARE(info(exact)[u"embeddings"_s].toInt(-1), 1);
    QCOMPARE(info(exact)[u"models"_s].toArray().size(), 2);
}

void tst_ExactWeights::changesNothingWhereThereIsNothingToRound()
{
    // The starter model's weights are published as fp16: it is the same model, and no photo waits for it.
    QCOMPARE(cli({u"index"_s, m_directory.filePath(u"photos"_s)}).code, 0);
    QCOMPARE(info({u"--exact-weights"_s})[u"embeddings"_s].toInt(-1), 1);
}

YINGXUN_SHARED_TEST_MAIN(tst_ExactWeights)
#include "tst_exact_weights.moc"
