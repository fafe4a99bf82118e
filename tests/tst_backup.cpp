// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/backup.h"
#include "core/db/catalogue.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_Backup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void copiesOnceADayWhileTheLibraryIsInUse();
    void makesNoCopyWhenNothingChanged();
    void keepsFourteen();
    void goesOnAfterAClockThatWasAhead();
    void goesOnWithAClockThatIsBehind();
    void neverReplacesAGoodCopyByADamagedOne();
    void saysHowToRestoreADamagedFile();
    void restoresLabelsAndSetsTheDamagedFileAside();
    void restoresNothingDamagedAndNothingInUse();

private:
    std::filesystem::path data() const { return m_directory->path().toStdString(); }
    void addLabel(const std::string &name) const;
    void damage(const QString &name) const;
    QStringList copies() const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Backup::addLabel(const std::string &name) const
{
    auto catalogue = db::Catalogue::open(data());
    QVERIFY(catalogue && catalogue->addLabel(name));
}

/// Garbage from the second page on: the file still looks like a database.
void tst_Backup::damage(const QString &name) const
{
    QFile file(m_directory->filePath(name));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.size() > 8192);
    QVERIFY(file.seek(4096));
    file.write(QByteArray(int(file.size() - 4096), 'x'));
}

QStringList tst_Backup::copies() const
{
    return QDir(m_directory->filePath(u"backups"_s)).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

void tst_Backup::copiesOnceADayWhileTheLibraryIsInUse()
{
    QVERIFY(!*db::backUp(data(), "2024-05-01")); // Nothing is there yet.
    auto catalogue = db::Catalogue::open(data());
    QVERIFY(catalogue->addLabel("狗"));
    QVERIFY(*db::backUp(data(), "2024-05-01"));
    QVERIFY(catalogue->addLabel("猫"));
    QVERIFY(!*db::backUp(data(), "2024-05-01"));
    QVERIFY(*db::backUp(data(), "2024-05-02"));
    QCOMPARE(copies(), QStringList({u"user-2024-05-01.db"_s, u"user-2024-05-02.db"_s})); // And no rests.
    const auto listed = db::backupCopies(data());
    QCOMPARE(listed->size(), std::size_t{2});
    QCOMPARE(listed->front().date, std::string("2024-05-02"));
    for (const db::BackupCopy &copy : *listed)
        QVERIFY(db::checkCopy(copy.file));
}

void tst_Backup::makesNoCopyWhenNothingChanged()
{
    addLabel("狗");
    QVERIFY(*db::backUp(data(), "2024-05-01"));
    QVERIFY(!*db::backUp(data(), "2024-05-02"));
    addLabel("猫");
    QVERIFY(*db::backUp(data(), "2024-05-03"));
    QCOMPARE(copies().size(), 2);
}

void tst_Backup::keepsFourteen()
{
    for (int day = 1; day <= 16; ++day) {
        addLabel("label " + std::to_string(day));
        QVERIFY(*db::backUp(data(), QDate(2024, 5, day).toString(Qt::ISODate).toStdString()));
    }
    QCOMPARE(copies().size(), 14);
    QCOMPARE(copies().first(), u"user-2024-05-03.db"_s);
    QCOMPARE(copies().last(), u"user-2024-05-16.db"_s);
}

void tst_Backup::goesOnAfterAClockThatWasAhead()
{
    const auto backUpWith = [this](const std::string &label, const std::string &today) {
        addLabel(label);
        return *db::backUp(data(), today);
    };
    QVERIFY(backUpWith("1", "2024-05-01"));
    QVERIFY(backUpWith("2", "2099-01-01"));
    QVERIFY(backUpWith("3", "2099-01-02"));
    QVERIFY(backUpWith("4", "2024-05-02"));
    QCOMPARE(copies(), QStringList({u"user-2024-04-29.db"_s, u"user-2024-04-30.db"_s, u"user-2024-05-01.db"_s,
                                    u"user-2024-05-02.db"_s}));
    const auto listed = db::backupCopies(data());
    std::vector<qint64> sizes;
    for (const db::BackupCopy &copy : *listed) {
        const std::filesystem::path back = data() / "back";
        std::filesystem::create_directory(back);
        std::filesystem::copy_file(copy.file, back / "user.db");
        sizes.push_back(std::ssize(*db::Catalogue::open(back)->labels()));
        std::filesystem::remove_all(back);
    }
    QCOMPARE(sizes, (std::vector<qint64>{4, 3, 2, 1})); // In the order in which they were made.
    QVERIFY(!backUpWith("5", "2024-05-01"));            // Further west.
    QVERIFY(backUpWith("6", "2024-05-03"));
}

void tst_Backup::goesOnWithAClockThatIsBehind()
{
    for (const std::string today : {"2024-05-01", "2024-05-02", "1970-01-01", "2024-05-03", "1970-01-01"}) {
        addLabel(std::to_string(copies().size()));
        QVERIFY(*db::backUp(data(), today));
    }
    QCOMPARE(copies().size(), 5);
    QCOMPARE(db::backupCopies(data())->front().date, std::string("1970-01-01"));
}

void tst_Backup::neverReplacesAGoodCopyByADamagedOne()
{
    addLabel("狗");
    QVERIFY(*db::backUp(data(), "2024-05-01"));
    addLabel("猫");
    damage(u"user.db"_s);
    const auto refused = db::backUp(data(), "2024-05-02");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::CorruptData);
    QCOMPARE(copies(), QStringList{u"user-2024-05-01.db"_s});
    QVERIFY(db::checkCopy(db::backupCopies(data())->front().file));
}

void tst_Backup::saysHowToRestoreADamagedFile()
{
    addLabel("狗");
    QVERIFY(*db::backUp(data(), "2024-05-01"));
    damage(u"user.db"_s);
    const auto opened = db::Catalogue::open(data());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::CorruptData);
    QVERIFY(opened.error().message.find("yingxun-cli restore --from latest") != std::string::npos);
    QVERIFY(opened.error().message.find("2024-05-01") != std::string::npos);
    QVERIFY(db::isUserDatabaseDamaged(data()));
}

void tst_Backup::restoresLabelsAndSetsTheDamagedFileAside()
{
    addLabel("狗");
    QVERIFY(*db::backUp(data(), "2024-05-01"));
    {
        auto catalogue = db::Catalogue::open(data()); // A folder that the copy does not know.
        Photo photo;
        photo.folder = *catalogue->addFolder("/photos");
        photo.path = "/photos/a.jpg";
        QVERIFY(catalogue->putPhotos(std::array{photo}));
    }
    damage(u"user.db"_s);
    QFile damaged(m_directory->filePath(u"user.db"_s));
    QVERIFY(damaged.open(QIODevice::ReadOnly));
    const QByteArray before = damaged.readAll();
    damaged.close();

    const auto aside = db::restoreCopy(data(), db::backupCopies(data())->front().file);
    QVERIFY2(aside, aside ? "" : aside.error().message.c_str());
    QFile kept(QString::fromStdString(aside->string()));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), before);
    QVERIFY(!db::isUserDatabaseDamaged(data()));
    auto catalogue = db::Catalogue::open(data());
    QVERIFY(catalogue);
    QCOMPARE(catalogue->labels()->front().name, std::string("狗"));
    QVERIFY(catalogue->folders()->empty());
    QVERIFY(catalogue->photos()->empty());
    QCOMPARE(copies().size(), 1); // The copy is still there.
}

void tst_Backup::restoresNothingDamagedAndNothingInUse()
{
    addLabel("狗");
    QVERIFY(*db::backUp(data(), "2024-05-01"));
    const std::filesystem::path copy = db::backupCopies(data())->front().file;
    {
        auto catalogue = db::Catalogue::open(data());
        QCOMPARE(db::restoreCopy(data(), copy).error().code, ErrorCode::InvalidArgument);
    }
    damage(u"backups/user-2024-05-01.db"_s);
    QCOMPARE(db::restoreCopy(data(), copy).error().code, ErrorCode::CorruptData);
    QFile empty(QString::fromStdString(copy.string()));
    QVERIFY(empty.open(QIODevice::WriteOnly | QIODevice::Truncate)); // SQLite takes it for a new database.
    empty.close();
    QCOMPARE(db::restoreCopy(data(), copy).error().code, ErrorCode::CorruptData);
    auto catalogue = db::Catalogue::open(data());
    QCOMPARE(catalogue->labels()->size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(tst_Backup)
#include "tst_backup.moc"
