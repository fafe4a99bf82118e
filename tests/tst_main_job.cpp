// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "tests/support/shared_data.h"
#include "tests/support/video_samples.h"
#include "tests/support/write_protected.h"

#include <QColor>
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace yingxun;

namespace {

/// Just under what the starter model reaches: a worse one fails.
constexpr double kLeastPrecision = 0.49;
constexpr double kLeastNamed = 21; // Percent of the photographs whose name, among all names, is the first.

} // namespace

/// Runs the programs as a user does, with the model that comes with them.
class tst_MainJob : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void indexesOnceAndOnlyOnce();
    void findsEverydayThings();
    void namesWhatIsInPhotographs();
    void findsTheSameInEnglish_data();
    void findsTheSameInEnglish();
    void findsTheSameInEverySpelling();
    void stopsWhereNothingMatches();
    void findsADescriptionThatBeginsWithADash();
    void filtersBesideADescription();
    void findsByAPictureFile();
    void showsWhereALineIsWrong();
    void labelsPhotos();
    void labelsNoPhotoThatHasLeft();
    void putsBackACopyOfLabels();
    void editsWhatIsNotIndexed();
    void takesNamesThatAreNotUtf8ThereAndBack();
    void opensUnreadableFilesAgainWhenAsked();
    void marksVideosInJson();
    void printsWhatMatchesAsItIsIndexed();
    void measuresASearch();
    void worksWithoutADisplay();
    void searchesALibraryThatCannotBeWritten();
    void explainsMistakes_data();
    void explainsMistakes();

private:
    struct Answer {
        int code = -1;
        QByteArray out;
        QByteArray err;
        QList<QJsonObject> lines() const;
    };
    enum class As { Me, Nobody };
    Answer run(const QString &program, const QStringList &arguments, As user = As::Me) const;
    Answer cli(QStringList arguments) const;

    QTemporaryDir m_data;
    QTemporaryDir m_painted;
    QString m_photos;
    bool m_real = false;
};

QList<QJsonObject> tst_MainJob::Answer::lines() const
{
    QList<QJsonObject> all;
    for (const QByteArray &line : out.split('\n')) {
        if (!line.isEmpty())
            all.append(QJsonDocument::fromJson(line).object());
    }
    return all;
}

tst_MainJob::Answer tst_MainJob::run(const QString &program, const QStringList &arguments, As user) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"YINGXUN_LANGUAGE"_s, u"en"_s);
    environment.insert(u"YINGXUN_DATA"_s, m_data.path()); // Never the library of whoever runs the tests.
    environment.remove(u"DISPLAY"_s);
    environment.remove(u"WAYLAND_DISPLAY"_s);
    environment.remove(u"QT_QPA_PLATFORM"_s);
    process.setProcessEnvironment(environment);
    if (user == As::Nobody) { // Permissions do not bind root.
        process.setChildProcessModifier([] {
            if (::setuid(test::NotRoot::kNobody) != 0)
                ::_exit(99);
        });
    }
    process.start(program, arguments);
    if (!process.waitForFinished(120'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

tst_MainJob::Answer tst_MainJob::cli(QStringList arguments) const
{
    arguments << u"--data"_s << m_data.path();
    return run(QStringLiteral(YINGXUN_CLI), arguments);
}

void tst_MainJob::initTestCase()
{
    m_photos = QStringLiteral(YINGXUN_SHARED_DIR "/photos/everyday");
    m_real = QDir(m_photos).exists();
    if (m_real)
        return;
    qWarning("the real photographs are missing: the same job runs on painted ones");
    m_photos = m_painted.path();
    for (int i = 0; i < 12; ++i) {
        QImage image(320, 240, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(i * 30, 200, 200));
        QVERIFY(image.save(m_painted.filePath(u"颜色 %1.png"_s.arg(i)), "PNG"));
    }
}

void tst_MainJob::indexesOnceAndOnlyOnce()
{
    const Answer first = cli({u"index"_s, u"--json"_s, m_photos});
    QVERIFY2(first.code == 0, first.err.constData());
    const QJsonObject report = first.lines().value(0);
    QVERIFY(report[u"embedded"_s].toInt() >= 10);
    QCOMPARE(report[u"failed"_s].toInt(), 0);
    const Answer second = cli({u"index"_s, u"--json"_s});
    QCOMPARE(second.lines().value(0)[u"embedded"_s].toInt(), 0);
    QCOMPARE(second.lines().value(0)[u"unchanged"_s].toInt(), report[u"found"_s].toInt());
}

void tst_MainJob::findsEverydayThings()
{
    if (!m_real)
        SKIP_WITHOUT_SHARED("needs the real photographs");
    const Answer answer = run(QStringLiteral(YINGXUN_CLI),
                              {u"eval"_s, u"everyday"_s, u"--json"_s,
                               QStringLiteral(YINGXUN_SHARED_DIR "/photos/everyday-queries.tsv"), m_photos});
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(answer.lines().size(), 16); // Fifteen queries and their mean.
    QVERIFY2(answer.lines().last()[u"precision"_s].toDouble() >= kLeastPrecision, answer.out.constData());
}

void tst_MainJob::namesWhatIsInPhotographs()
{
    if (!m_real)
        SKIP_WITHOUT_SHARED("needs the real photographs");
    const QString folder = QStringLiteral(YINGXUN_SHARED_DIR "/photos/");
    QFile labels(folder +
                 u"labels.tsv"_s); // File, class, Chinese, English, 1 where the class was trained on.
    QVERIFY(labels.open(QFile::ReadOnly));
    const QTemporaryDir set;
    QFile pictures(set.filePath(u"photos_imgs.tsv"_s));
    QFile keys(set.filePath(u"photos_labels.tsv"_s));
    QVERIFY(pictures.open(QFile::WriteOnly) && keys.open(QFile::WriteOnly));
    int count = 0;
    const QList<QByteArray> lines = labels.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> fields = line.split('\t');
        if (fields.size() != 5 || fields[4] != "1")
            continue;
        QFile photo(folder + QString::fromUtf8(fields[0]));
        QVERIFY2(photo.open(QFile::ReadOnly), line.constData());
        const QByteArray number = QByteArray::number(++count);
        pictures.write(number + '\t' + photo.readAll().toBase64() + '\n');
        keys.write(number + '\t' + fields[1] + '\n');
    }
    pictures.close();
    keys.close();
    const Answer answer =
        run(QStringLiteral(YINGXUN_CLI),
            {u"eval"_s, u"zeroshot"_s, u"--json"_s, set.filePath(u"photos"_s), u"--labels"_s, keys.fileName(),
             u"--classes"_s,
             QStringLiteral(YINGXUN_SOURCE_DIR "/resources/models/starter/recipe/class_names.tsv")});
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(answer.lines().value(0)[u"pictures"_s].toInt(), 90);
    QVERIFY2(answer.lines().value(0)[u"top1"_s].toDouble() >= kLeastNamed, answer.out.constData());
}

void tst_MainJob::findsTheSameInEnglish_data()
{
    QTest::addColumn<QString>("chinese");
    QTest::addColumn<QString>("english");
    QTest::newRow("dog") << u"狗"_s << u"dog"_s;
    QTest::newRow("bird") << u"鸟"_s << u"bird"_s;
    QTest::newRow("school bus") << u"校车"_s << u"school bus"_s;
}

void tst_MainJob::findsTheSameInEnglish()
{
    if (!m_real)
        SKIP_WITHOUT_SHARED("needs the real photographs");
    QFETCH(QString, chinese);
    QFETCH(QString, english);
    const auto best = [this](const QString &query) {
        QStringList paths;
        for (const QJsonObject &line : cli({u"search"_s, u"--json"_s, u"--limit"_s, u"10"_s, query}).lines())
            paths.append(line[u"path"_s].toString());
        return QSet<QString>(paths.begin(), paths.end());
    };
    const QSet<QString> common = best(chinese) & best(english);
    QVERIFY2(common.size() >= 5, qUtf8Printable(QStringList(common.values()).join(u'\n')));
}

void tst_MainJob::findsTheSameInEverySpelling()
{
    const Answer plain = cli({u"search"_s, u"--json"_s, u"--limit"_s, u"20"_s, u"火山"_s});
    QVERIFY2(plain.code == 0, plain.err.constData());
    for (const QString &typed : {u"火山。"_s, u"「火山」"_s, u"火山🌋"_s, u" “火山”！ "_s, u"⽕⼭"_s})
        QCOMPARE(cli({u"search"_s, u"--json"_s, u"--limit"_s, u"20"_s, typed}).out, plain.out);
    const Answer simplified = cli({u"search"_s, u"--json"_s, u"--limit"_s, u"20"_s, u"猫头鹰"_s});
    QVERIFY2(simplified.code == 0, simplified.err.constData());
    QVERIFY(simplified.out != plain.out);
    QCOMPARE(cli({u"search"_s, u"--json"_s, u"--limit"_s, u"20"_s, u"貓頭鷹"_s}).out, simplified.out);
}

void tst_MainJob::stopsWhereNothingMatches()
{
    if (!m_real)
        SKIP_WITHOUT_SHARED("needs the real photographs");
    const Answer present = cli({u"search"_s, u"--json"_s, u"校车"_s});
    QVERIFY2(present.code == 0, present.err.constData());
    const QList<QJsonObject> found = present.lines();
    QCOMPARE(found.size(), 20); // The one that matches, and the nearest.
    QVERIFY(found.first()[u"path"_s].toString().contains(u"校车"_s));
    QVERIFY(found.first()[u"relevance"_s].toDouble() >= 0.25);
    for (qsizetype i = 1; i < found.size(); ++i)
        QVERIFY(found[i][u"relevance"_s].toDouble() <= found[i - 1][u"relevance"_s].toDouble());
    QVERIFY(!cli({u"search"_s, u"校车"_s}).out.contains("Nothing"));

    for (const QString &absent : {u"自由女神像"_s, u"量子计算机"_s}) {
        QVERIFY(cli({u"search"_s, absent})
                    .out.startsWith("Nothing surely matches this description.\nPossibly related:\n1\t"));
        const Answer json = cli({u"search"_s, u"--json"_s, absent});
        QVERIFY(json.lines().front()[u"relevance"_s].toDouble() < 0.1 &&
                json.err.contains("Nothing surely matches"));
        QCOMPARE(cli({u"search"_s, u"--json"_s, u"--limit"_s, u"7"_s, absent}).lines().size(), 7);
    }
    const Answer possible = cli({u"search"_s, u"狗"_s});
    QVERIFY2(possible.out.contains("\nPossibly related:\n"), possible.out.constData());
}

void tst_MainJob::findsADescriptionThatBeginsWithADash()
{
    const Answer hint = cli({u"search"_s, u"--json"_s, u"-狗"_s});
    QCOMPARE(hint.code, 2);
    QVERIFY2(hint.err.contains("yingxun-cli search -- -狗"), hint.err.constData());
    const Answer filter = cli({u"search"_s, u"-format:gif"_s});
    QCOMPARE(filter.code, 2);
    QVERIFY2(filter.err.contains("yingxun-cli search -- -format:gif"), filter.err.constData());
    const Answer word = cli({u"search"_s, u"-dog"_s});
    QVERIFY2(word.err.contains("yingxun-cli search -- -dog"), word.err.constData());
    // As a shell reads it: nothing is written to a file.
    const Answer sign = cli({u"search"_s, u"-size:>5mb"_s});
    QVERIFY2(sign.err.contains("yingxun-cli search -- '-size:>5mb'"), sign.err.constData());
    const Answer words = cli({u"search"_s, u"-a dog's bed"_s});
    QVERIFY2(words.err.contains("yingxun-cli search -- '-a dog'\\''s bed'"), words.err.constData());
    // The option that every other call here appends must come first.
    const Answer answer = run(QStringLiteral(YINGXUN_CLI),
                              {u"search"_s, u"--json"_s, u"--data"_s, m_data.path(), u"--"_s, u"-狗"_s});
    QVERIFY2(answer.code == 0, answer.err.constData());
    // A meaning to lack: what is most like it comes last.
    const auto path = [](const QJsonObject &line) { return line[u"path"_s].toString(); };
    const QList<QJsonObject> all = cli({u"search"_s, u"--json"_s, u"--limit"_s, u"1000"_s, u"狗"_s}).lines();
    QCOMPARE(path(answer.lines().first()), path(all.last()));
    QVERIFY(answer.lines().first()[u"score"_s].toDouble() >= answer.lines().last()[u"score"_s].toDouble());
    QVERIFY(!cli({u"search"_s, u"--dance"_s, u"狗"_s}).err.contains("-- "));
}

void tst_MainJob::findsByAPictureFile()
{
    const auto path = [](const Answer &answer) { return answer.lines().value(0)[u"path"_s].toString(); };
    const QString first = path(cli({u"search"_s, u"--json"_s, u"--limit"_s, u"1"_s, u"狗"_s}));
    const QTemporaryDir elsewhere;
    const QString copy = elsewhere.filePath(u"a b.png"_s); // Other bytes: not in the library.
    QImage picture(first);
    QVERIFY(!picture.isNull() && picture.scaledToWidth(400, Qt::SmoothTransformation).save(copy));
    const auto found = [&](const QString &line) {
        const Answer answer = cli({u"search"_s, u"--json"_s, u"--limit"_s, u"1"_s, line});
        return answer.code == 0 ? path(answer) : QString::fromUtf8(answer.err);
    };
    QCOMPARE(found(u"image:\"%1\""_s.arg(copy)), first);
    QCOMPARE(found(u"图片:\"%1\""_s.arg(first)), first);
    const QString other = found(u"image:\"%1\"^0.1 -image:\"%2\""_s.arg(first, copy));
    QVERIFY2(other.startsWith(u'/') && other != first, qPrintable(other));
    const QJsonObject both =
        cli({u"search"_s, u"--json"_s, u"--limit"_s, u"1"_s, u"狗 -雪"_s}).lines().value(0);
    const QJsonArray parts = both[u"parts"_s].toArray();
    QCOMPARE(parts.size(), 2);
    QCOMPARE(parts[1][u"text"_s].toString(), u"-雪"_s);
    const double sum = parts[0][u"score"_s].toDouble() + parts[1][u"score"_s].toDouble();
    QVERIFY(std::abs(sum - both[u"score"_s].toDouble()) < 1e-3);
    QCOMPARE(path(cli({u"search"_s, u"--json"_s, u"--limit"_s, u"1"_s, u"--like"_s, copy})), first);

    const Answer none = cli({u"search"_s, u"狗 image:/nowhere/a.png"_s});
    QCOMPARE(none.code, 1);
    QVERIFY2(none.err.contains("There is no file “/nowhere/a.png”"), none.err.constData());
    QVERIFY2(none.err.contains("\n   ^^^^^^^^^^^^^^^^^^^^\n"), none.err.constData());
    const Answer text = cli({u"search"_s, u"--like"_s, QStringLiteral(YINGXUN_SHARED_DIR "/anchors.md")});
    QCOMPARE(text.code, 1);
    if (m_real)
        QVERIFY2(text.err.contains("is not a picture"), text.err.constData());
}

void tst_MainJob::filtersBesideADescription()
{
    const auto paths = [this](const QString &typed) {
        QSet<QString> all;
        for (const QJsonObject &line :
             cli({u"search"_s, u"--json"_s, u"--limit"_s, u"1000"_s, typed}).lines())
            all.insert(line[u"path"_s].toString());
        return all;
    };
    const QSet<QString> all = paths(u"狗"_s);
    const QSet<QString> tall = paths(u"狗 size:>=100x300"_s);
    const QSet<QString> others = paths(u"狗 -size:>=100x300"_s);
    QVERIFY(all.size() >= 10);
    QVERIFY(!(tall & others).size() && (tall | others) == all);
    QVERIFY(paths(u"狗 format:bmp"_s).isEmpty());

    // Filters alone list the newest first, without scores.
    const Answer alone = cli({u"search"_s, u"--json"_s, u"--limit"_s, u"3"_s, u"type:photo"_s});
    QVERIFY2(alone.code == 0, alone.err.constData());
    QCOMPARE(alone.lines().size(), 3);
    QVERIFY(!alone.lines().first().contains(u"score"_s));
    QCOMPARE(alone.lines().first()[u"rank"_s].toInt(), 1);
    QVERIFY(cli({u"search"_s, u"type:photo"_s}).out.startsWith("1\t-\t"));
}

void tst_MainJob::showsWhereALineIsWrong()
{
    const Answer wrong = cli({u"search"_s, u"海边 date:foo 狗"_s});
    QCOMPARE(wrong.code, 1);
    QCOMPARE(QString::fromUtf8(wrong.err), u"yingxun-cli: “foo” is not a value that this can have.\n"
                                           "海边 date:foo 狗\n"
                                           "          ^^^\n"_s); // Two columns a character.
    const Answer unknown = cli({u"search"_s, u"狗 标签:没有的"_s});
    QCOMPARE(unknown.code, 1);
    QCOMPARE(QString::fromUtf8(unknown.err), u"yingxun-cli: There is no label “没有的”.\n"
                                             "狗 标签:没有的\n"
                                             "   ^^^^^^^^^^^\n"_s);
}

void tst_MainJob::labelsPhotos()
{
    const QStringList words{u"校车"_s, u"快艇"_s};
    const QString threshold = m_real ? u"0.2"_s : u"0"_s; // What the model makes of plain colours is open.
    const Answer answer =
        cli(QStringList{u"label"_s, u"--json"_s, u"--threshold"_s, threshold, u"--assign"_s} + words);
    QVERIFY2(answer.code == 0, answer.err.constData());
    QHash<QString, QStringList> found; // Paths by word, the likeliest first.
    for (const QJsonObject &line : answer.lines()) {
        QVERIFY(line[u"probability"_s].toDouble() >= threshold.toDouble());
        found[line[u"label"_s].toString()].append(line[u"path"_s].toString());
    }
    auto catalogue = yingxun::db::Catalogue::open(m_data.path().toStdString());
    QVERIFY(catalogue);
    const auto labels = catalogue->labels();
    QCOMPARE(labels->size(), std::size_t{2});
    for (const yingxun::Label &label : *labels) {
        const QString word = QString::fromStdString(label.name);
        QVERIFY(words.contains(word));
        const QStringList paths = found.value(word);
        QVERIFY2(!paths.isEmpty(), answer.out.constData());
        if (m_real)
            QVERIFY2(!paths.mid(0, 3).filter(word + u' ').isEmpty(), answer.out.constData());
        else
            QCOMPARE(paths.size(), 12);
        QCOMPARE(label.count, int(paths.size())); // All contents differ.
        for (const QString &path : paths) {
            const auto photo = catalogue->photoAt(path.toStdString());
            QVERIFY(photo && *photo);
            const auto carried = catalogue->labelsOf((*photo)->hash);
            QVERIFY(std::any_of(carried->begin(), carried->end(),
                                [&label](const yingxun::Label &one) { return one.id == label.id; }));
        }
    }
}

void tst_MainJob::labelsNoPhotoThatHasLeft()
{
    const QTemporaryDir data;
    const QTemporaryDir photos;
    for (const char *colour : {"red", "blue"}) {
        QImage image(320, 240, QImage::Format_RGB32);
        image.fill(QColor(QLatin1String(colour)));
        QVERIFY(image.save(photos.filePath(QLatin1String(colour) + u".png"_s), "PNG"));
    }
    const QStringList options{u"--json"_s, u"--data"_s, data.path()};
    const QString program = QStringLiteral(YINGXUN_CLI);
    QCOMPARE(run(program, QStringList{u"index"_s, photos.path()} + options).code, 0);
    QVERIFY(QFile::remove(photos.filePath(u"blue.png"_s)));
    QCOMPARE(run(program, QStringList{u"index"_s} + options).code, 0);
    const Answer answer =
        run(program, QStringList{u"label"_s, u"--threshold"_s, u"0"_s, u"--assign"_s, u"红色"_s} + options);
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(answer.lines().size(), 1);
    auto catalogue = yingxun::db::Catalogue::open(data.path().toStdString());
    QVERIFY(catalogue);
    QCOMPARE(catalogue->labels()->front().count, 1);
}

void tst_MainJob::putsBackACopyOfLabels()
{
    const QTemporaryDir data;
    const std::filesystem::path directory = data.path().toStdString();
    const QStringList options{u"--json"_s, u"--data"_s, data.path()};
    const QString program = QStringLiteral(YINGXUN_CLI);
    {
        auto catalogue = yingxun::db::Catalogue::open(directory);
        QVERIFY(catalogue && catalogue->addLabel("狗"));
    }
    QVERIFY(*yingxun::db::backUp(directory, "2024-05-01"));
    QFile user(data.filePath(u"user.db"_s));
    QVERIFY(user.open(QIODevice::WriteOnly));
    user.write(QByteArray(20'000, 'x'));
    user.close();

    const Answer broken = run(program, QStringList{u"info"_s} + options);
    QCOMPARE(broken.code, 1);
    QVERIFY2(broken.err.contains("yingxun-cli restore"), broken.err.constData());
    const Answer list = run(program, QStringList{u"restore"_s} + options);
    QCOMPARE(list.code, 0);
    QCOMPARE(list.lines().value(0)[u"date"_s].toString(), u"2024-05-01"_s);
    QVERIFY(list.lines().value(0)[u"good"_s].toBool());
    QCOMPARE(run(program, QStringList{u"restore"_s, u"--from"_s, u"2023-01-01"_s} + options).code, 1);
    const Answer restored = run(program, QStringList{u"restore"_s, u"--from"_s, u"latest"_s} + options);
    QVERIFY2(restored.code == 0, restored.err.constData());
    const QString aside = restored.lines().value(0)[u"set_aside"_s].toString();
    QCOMPARE(QFile(aside).size(), 20'000);
    auto catalogue = yingxun::db::Catalogue::open(directory);
    QVERIFY(catalogue);
    QCOMPARE(catalogue->labels()->front().name, std::string("狗"));
}

void tst_MainJob::editsWhatIsNotIndexed()
{
    const QByteArrayList before = cli({u"exclude"_s}).out.split('\n');
    QVERIFY(before.contains("@eaDir"));
    const Answer added = cli({u"exclude"_s, u"--json"_s, u"--add"_s, u"截图*"_s, u"--add"_s, u"old/raw"_s,
                              u"--remove"_s, u".*"_s});
    QVERIFY2(added.code == 0, added.err.constData());
    QStringList patterns;
    for (const QJsonObject &line : added.lines())
        patterns.append(line[u"pattern"_s].toString());
    QVERIFY(patterns.contains(u"截图*"_s) && patterns.contains(u"old/raw"_s) && !patterns.contains(u".*"_s));
    QCOMPARE(cli({u"exclude"_s, u"--remove"_s, u"nothing of the kind"_s}).code, 1);
    QCOMPARE(cli({u"exclude"_s, u"--add"_s, u"*"_s}).code, 1);
    QCOMPARE(cli({u"exclude"_s, u"stray"_s}).code, 2);
    QCOMPARE(cli({u"exclude"_s, u"--reset"_s}).out.split('\n'), before);
}

void tst_MainJob::takesNamesThatAreNotUtf8ThereAndBack()
{
    QTemporaryDir base;
    const std::string folder = base.path().toStdString() + "/\xD5\xD5\xC6\xAC";
    QVERIFY(QDir(base.path()).mkpath(u"a"_s));
    for (int i = 0; i < 2; ++i) {
        QImage image(64, 48, QImage::Format_RGB32);
        image.fill(i == 0 ? Qt::red : Qt::blue);
        QVERIFY(image.save(base.filePath(u"a/%1.png"_s.arg(i)), "PNG"));
    }
    QCOMPARE(std::rename((base.path() + u"/a"_s).toStdString().c_str(), folder.c_str()), 0);
    // A shell, as QProcess cannot hand on such a name: $0 the program, $1 the directory, $2 what was printed.
    const auto shell = [&](const QString &script, const QString &printed = {}) {
        return run(u"/bin/sh"_s, {u"-c"_s, u"exec \"$0\" "_s + script + u" --json --data \"$1/data\""_s,
                                  QStringLiteral(YINGXUN_CLI), base.path(), printed});
    };
    const Answer indexed = shell(u"index \"$1/$(printf '\\325\\325\\306\\254')\""_s);
    QVERIFY2(indexed.code == 0, indexed.err.constData());
    QCOMPARE(indexed.lines().value(0)[u"embedded"_s].toInt(), 2);
    const Answer found = shell(u"search --limit 1 红色"_s);
    QVERIFY2(found.code == 0, found.err.constData());
    const QJsonObject first = found.lines().value(0);
    QVERIFY(first[u"path"_s].toString().contains(u"/\uFFFD"_s));
    const QByteArray exact = QByteArray::fromBase64(first[u"path_base64"_s].toString().toLatin1());
    QVERIFY2(exact.startsWith(folder.c_str()), exact.constData());
    const Answer like = shell(u"search --limit 1 --like \"$(printf %s \"$2\" | base64 -d)\""_s,
                              first[u"path_base64"_s].toString());
    QVERIFY2(like.code == 0, like.err.constData());
    QCOMPARE(like.lines().value(0)[u"path_base64"_s], first[u"path_base64"_s]);
    QCOMPARE(shell(u"info"_s).lines().value(0)[u"folders_not_utf8"_s].toArray().size(), 1);
}

void tst_MainJob::opensUnreadableFilesAgainWhenAsked()
{
    const QTemporaryDir data;
    const QTemporaryDir photos;
    QFile damaged(photos.filePath(u"damaged.jpg"_s));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    QVERIFY(damaged.write(QByteArray("\xff\xd8\xff\xe0") + QByteArray(100, 'x')) == 104);
    damaged.close();
    const auto failed = [&](QStringList further) {
        const Answer answer = run(QStringLiteral(YINGXUN_CLI),
                                  QStringList{u"index"_s, u"--json"_s, u"--data"_s, data.path()} + further);
        return answer.lines().value(0)[u"failed"_s].toInt(-1);
    };
    QCOMPARE(failed({photos.path()}), 1);
    QCOMPARE(failed({}), 0); // Settled: the file has not changed.
    QCOMPARE(failed({u"--retry"_s}), 1);
}

void tst_MainJob::marksVideosInJson()
{
    QTemporaryDir folder;
    QTemporaryDir data;
    QVERIFY(yingxun::test::writeVideo(folder.filePath(u"海边.mp4"_s).toStdString(), {{1, 20, 20, 220}}));
    QImage image(320, 240, QImage::Format_RGB32);
    image.fill(Qt::red);
    QVERIFY(image.save(folder.filePath(u"a.png"_s), "PNG"));
    const QString program = QStringLiteral(YINGXUN_CLI);
    QCOMPARE(run(program, {u"index"_s, folder.path(), u"--data"_s, data.path()}).code, 0);
    for (const QStringList &command : {QStringList{u"search"_s, u"--limit"_s, u"20"_s, u"海"_s},
                                       QStringList{u"label"_s, u"海"_s, u"--threshold"_s, u"0"_s}}) {
        const Answer found = run(program, command + QStringList{u"--json"_s, u"--data"_s, data.path()});
        QCOMPARE(found.lines().size(), 2);
        for (const QJsonObject &line : found.lines())
            QCOMPARE(line[u"kind"_s].toString(),
                     line[u"path"_s].toString().endsWith(u"mp4") ? u"video"_s : u"photo"_s);
    }
}

void tst_MainJob::printsWhatMatchesAsItIsIndexed()
{
    QTemporaryDir folder;
    QTemporaryDir data;
    const auto paint = [&folder](const QString &name, const QColor &colour) {
        QImage image(320, 240, QImage::Format_RGB32);
        image.fill(colour);
        return image.save(folder.filePath(name), "PNG");
    };
    const auto index = [&] {
        return run(QStringLiteral(YINGXUN_CLI), {u"index"_s, folder.path(), u"--data"_s, data.path()}).code;
    };
    constexpr int kPrinted = 20;
    for (int i = 0; i < kPrinted; ++i)
        QVERIFY(paint(u"a%1.png"_s.arg(i), QColor(200, i, i)));
    QVERIFY(QFile::copy(folder.filePath(u"a0.png"_s), folder.filePath(u"one more a.png"_s)));
    QCOMPARE(index(), 0);
    QProcess watching;
    watching.start(QStringLiteral(YINGXUN_CLI),
                   {u"search"_s, u"format:png"_s, u"--watch"_s, u"--json"_s, u"--data"_s, data.path()});
    const auto nextLine = [&watching] {
        while (!watching.canReadLine() && watching.waitForReadyRead(60'000))
            continue;
        return watching.readLine();
    };
    const auto nextName = [&nextLine] {
        return QFileInfo(QJsonDocument::fromJson(nextLine())[u"path"_s].toString()).fileName();
    };
    for (int i = 0; i < kPrinted; ++i) {
        const QString name = nextName();
        QVERIFY2(name.endsWith(u".png"_s) && name != u"b.png"_s, qPrintable(name));
    }
    // Of several terms nothing is relevant: only what comes among the best is told.
    QProcess few;
    few.start(QStringLiteral(YINGXUN_CLI), {u"search"_s, u"--watch"_s, u"--json"_s, u"--like"_s,
                                            folder.filePath(u"a0.png"_s), u"--data"_s, data.path()});
    QVERIFY(few.waitForReadyRead(60'000));
    QVERIFY(paint(u"b.png"_s, Qt::blue) &&
            QFile::copy(folder.filePath(u"b.png"_s), folder.filePath(u"c.gif"_s)));
    QFile old(folder.filePath(u"b.png"_s)); // It comes last of all.
    QVERIFY(old.open(QIODevice::ReadWrite) &&
            old.setFileTime(QDateTime(QDate(1990, 1, 1), QTime(0, 0)), QFile::FileModificationTime));
    old.close();
    QCOMPARE(index(), 0);
    QCOMPARE(nextName(), u"b.png"_s); // And nothing that was there before.
    QVERIFY(!watching.canReadLine() && !watching.waitForReadyRead(1500));
    // One that was edited is another match; one that was moved is not.
    QVERIFY(paint(u"a3.png"_s, Qt::green));
    QVERIFY(QFile::rename(folder.filePath(u"a4.png"_s), folder.filePath(u"a5 moved.png"_s)));
    QCOMPARE(index(), 0);
    QCOMPARE(nextName(), u"a3.png"_s);
    QVERIFY(!watching.canReadLine() && !watching.waitForReadyRead(1500));
    for (QProcess *one : {&watching, &few})
        one->terminate();
    QVERIFY(watching.waitForFinished() && few.waitForFinished());
    const QByteArray told = few.readAllStandardOutput();
    QCOMPARE(told.count('\n'), kPrinted);
    QVERIFY2(!told.contains("b.png"), told.constData()); // Blue, where red ones are alike.
}

void tst_MainJob::measuresASearch()
{
    const QJsonObject bench = cli({u"bench"_s, u"search"_s, u"--json"_s}).lines().value(0);
    QVERIFY(bench[u"embeddings"_s].toInt() >= 10);
    QCOMPARE(bench[u"best"_s].toInt(), bench[u"embeddings"_s].toInt() / 2);
    QCOMPARE(bench[u"dimension"_s].toInt(), 256);
    QCOMPARE(bench[u"recall"_s].toDouble(), 1.0);
    for (const QString &name : {u"text_ms"_s, u"best_ms"_s, u"all_cosines_ms"_s})
        QVERIFY2(bench[name].toDouble() > 0, qPrintable(name));
    QCOMPARE(cli({u"bench"_s}).code, 2);
    const QTemporaryDir empty;
    const Answer none =
        run(QStringLiteral(YINGXUN_CLI), {u"bench"_s, u"search"_s, u"--data"_s, empty.path()});
    QCOMPARE(none.code, 1);
    QVERIFY2(none.err.contains("index some folders first"), none.err.constData());
}

void tst_MainJob::worksWithoutADisplay()
{
    const QString sheet = m_data.filePath(u"sheet.png"_s);
    const Answer answer =
        run(QStringLiteral(YINGXUN_PROGRAM), {m_photos, u"--data"_s, m_data.path(), u"--query"_s, u"一只狗"_s,
                                              u"--limit"_s, u"7"_s, u"--sheet"_s, sheet});
    QVERIFY2(answer.code == 0, answer.err.constData());
    QCOMPARE(answer.out.count('\n'), 8); // Seven photos, and where the sheet is.
    QVERIFY(answer.out.contains(sheet.toUtf8()));
    QVERIFY(QImage(sheet).width() > 1000);
}

void tst_MainJob::searchesALibraryThatCannotBeWritten()
{
    const As user = ::geteuid() == 0 ? As::Nobody : As::Me;
    const QStringList data{u"--data"_s, m_data.path()};
    const auto ask = [&](const QStringList &arguments) {
        return run(QStringLiteral(YINGXUN_CLI), arguments + data, user);
    };
    const test::WriteProtected protection(m_data.path().toStdString());
    const Answer found = ask({u"search"_s, u"--json"_s, u"--limit"_s, u"5"_s, u"狗"_s});
    QVERIFY2(found.code == 0, found.err.constData());
    QVERIFY(!found.err.contains("cannot be created")); // Nor are copies made.
    QCOMPARE(found.lines().size(), 5);
    QVERIFY(ask({u"info"_s, u"--json"_s}).lines().value(0)[u"photos"_s].toInt() >= 10);
    QCOMPARE(ask({u"label"_s, u"狗"_s}).code, 0);

    for (const QStringList &writing : {QStringList{u"index"_s}, QStringList{u"index"_s, QDir::tempPath()},
                                       QStringList{u"label"_s, u"--assign"_s, u"狗"_s}}) {
        const Answer refused = ask(writing);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("cannot be written"), refused.err.constData());
        QVERIFY(refused.out.isEmpty());
    }
    const QString sheet = QDir::tempPath() + u"/yingxun-read-only-sheet-%1.png"_s.arg(::getpid());
    const Answer headless = run(QStringLiteral(YINGXUN_PROGRAM),
                                data + QStringList{u"--query"_s, u"狗"_s, u"--sheet"_s, sheet}, user);
    QFile::remove(sheet);
    QVERIFY2(headless.code == 0, headless.err.constData());
}

void tst_MainJob::explainsMistakes_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto mistake = [](const char *name, const QStringList &arguments, int code, const QString &says) {
        QTest::newRow(name) << arguments << code << says;
    };
    mistake("nothing", {}, 2, u"Usage: yingxun-cli"_s);
    mistake("unknown command", {u"dance"_s}, 2, u"no command “dance”"_s);
    mistake("no description", {u"search"_s}, 2, u"Give either a description"_s);
    mistake("bad number", {u"search"_s, u"--limit"_s, u"many"_s, u"狗"_s}, 2, u"--limit must be a number"_s);
    mistake("only emoji", {u"search"_s, u"🌋！"_s}, 1, u"has no words to search for"_s);
    mistake("unknown characters", {u"search"_s, u"犇"_s}, 1, u"knows nothing of “犇”"_s);
    mistake("a label of unknown characters", {u"label"_s, u"狗"_s, u"犇"_s}, 1, u"knows nothing of “犇”"_s);
    mistake("no such folder", {u"index"_s, u"/nowhere/at/all"_s}, 1, u"/nowhere/at/all is not a folder"_s);
    mistake("no such model", {u"info"_s, u"--model"_s, u"/nowhere"_s}, 1, u"/nowhere is neither"_s);
    mistake("no data", {u"train"_s}, 2, u"at least one data set"_s);
    mistake("no queries named", {u"eval"_s, u"everyday"_s}, 2, u"everyday QUERIES FOLDER"_s);
    mistake("no such queries", {u"eval"_s, u"everyday"_s, u"/nowhere.tsv"_s, QDir::tempPath()}, 1,
            u"/nowhere.tsv cannot be opened"_s);
    mistake("no pictures to probe", {u"eval"_s, u"quality"_s, u"/nowhere"_s}, 1,
            u"/nowhere_imgs.tsv cannot be opened"_s);
}

void tst_MainJob::explainsMistakes()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Answer answer = run(QStringLiteral(YINGXUN_CLI), arguments);
    QCOMPARE(answer.code, code);
    const QString text = QString::fromUtf8(answer.err + answer.out);
    QVERIFY2(text.contains(says), qPrintable(text));
}

YINGXUN_SHARED_TEST_MAIN(tst_MainJob)
#include "tst_main_job.moc"
