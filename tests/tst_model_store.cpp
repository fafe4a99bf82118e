// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_store.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace yingxun;
using namespace yingxun::models;
using namespace Qt::StringLiterals;

/// Adding, checking and removing models of a few bytes.
class tst_ModelStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void addsAFolder();
    void addsACheckpointWithItsNeighbours();
    void addsAModelWithoutConfiguration();
    void addsAnArchive();
    void refusesLinksAndPathsOutOfAnArchive_data();
    void refusesLinksAndPathsOutOfAnArchive();
    void refusesAnIncompleteModel();
    void refusesADamagedPack();
    void listsNothingUnfinished();
    void findsAFlippedByte();
    void readsAModelAgainOnlyWhenItChanged();
    void removes();
    void onlyOneProgramAtATime();
    void tidiesUpAfterAKilledProgram();

private:
    QString path(const QString &name) const { return m_directory->filePath(name); }
    bool write(const QString &name, const QByteArray &text) const
    {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }
    ModelStore store() const { return {path(u"models"_s).toStdString(), Manifest::builtIn()}; }
    Result<StoredModel> add(const QString &name, const std::string &id = {}) const
    {
        return store().add(path(name).toStdString(), id);
    }
    QStringList modelFolders() const
    {
        return QDir(path(u"models"_s))
            .entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }
    int tar(const QStringList &arguments) const
    {
        return QProcess::execute(u"tar"_s, QStringList{u"-C"_s, m_directory->path()} + arguments);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_ModelStore::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(write(u"mine/config.json"_s, "{}") && write(u"mine/vocab.txt"_s, "[PAD]\n") &&
            write(u"mine/model.safetensors"_s, "weights") && write(u"mine/README.md"_s, "not taken"));
}

void tst_ModelStore::addsAFolder()
{
    const auto model = add(u"mine"_s);
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    QCOMPARE(model->id, std::string("mine"));
    QCOMPARE(store().list().size(), std::size_t{1});
    const StoredModel listed = store().list().front();
    QVERIFY(listed.whole);
    QCOMPARE(listed.files.size(), std::size_t{3});
    QCOMPARE(modelFolders(), QStringList{u"mine"_s});
    QVERIFY(!QFile::exists(path(u"models/mine/README.md"_s)));
    const auto again = add(u"mine"_s);
    QVERIFY(!again && again.error().code == ErrorCode::InvalidArgument);
    QVERIFY(add(u"mine"_s, "second").has_value());
    QVERIFY(!add(u"mine"_s, "../out").has_value());
}

void tst_ModelStore::addsACheckpointWithItsNeighbours()
{
    QVERIFY(write(u"stick/tuned.pt"_s, "a") && write(u"stick/other.pt"_s, "b") &&
            write(u"stick/vocab.txt"_s, "[PAD]\n"));
    const auto several = add(u"stick"_s);
    QVERIFY(!several && several.error().code == ErrorCode::InvalidArgument);
    const auto model = add(u"stick/tuned.pt"_s);
    QVERIFY(model.has_value());
    QCOMPARE(model->id, std::string("tuned"));
    QVERIFY(QFile::exists(path(u"models/tuned/vocab.txt"_s)) &&
            !QFile::exists(path(u"models/tuned/other.pt"_s)));
}

void tst_ModelStore::addsAModelWithoutConfiguration()
{
    QVERIFY(write(u"other/pytorch_model.bin"_s, "weights") && write(u"other/vocab.txt"_s, "[PAD]\n") &&
            write(u"other/vision_model_config.json"_s, "{}") &&
            write(u"other/text_model_config.json"_s, "{}"));
    const auto modelScopes = add(u"other"_s);
    QVERIFY2(modelScopes, modelScopes ? "" : modelScopes.error().message.c_str());
    QCOMPARE(modelScopes->files.size(), std::size_t{4});
    QVERIFY(QFile::remove(path(u"mine/config.json"_s)));
    QVERIFY(add(u"mine"_s).has_value());
}

void tst_ModelStore::addsAnArchive()
{
    QVERIFY(add(u"mine"_s).has_value());
    QCOMPARE(tar({u"-cf"_s, path(u"pack.tar"_s), u"models/mine"_s}), 0);
    const auto model = add(u"pack.tar"_s);
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    QCOMPARE(model->id, std::string("pack"));
    QCOMPARE(model->files.front().checkedAgainst, std::string("pack"));
    QVERIFY(store().verify("pack").has_value());
}

void tst_ModelStore::refusesLinksAndPathsOutOfAnArchive_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("path out") << QStringList{u"--transform=s,mine,../mine,"_s, u"mine"_s};
    QTest::newRow("absolute") << QStringList{u"--transform=s,mine,/mine,"_s, u"mine"_s};
    QTest::newRow("link") << QStringList{u"mine"_s, u"vocab.txt"_s};
}

void tst_ModelStore::refusesLinksAndPathsOutOfAnArchive()
{
    QFETCH(QStringList, arguments);
    QVERIFY(QFile::link(u"/etc/hostname"_s, path(u"vocab.txt"_s)));
    QCOMPARE(tar(QStringList{u"-P"_s, u"-cf"_s, path(u"pack.tar"_s)} + arguments), 0);
    const auto model = add(u"pack.tar"_s);
    QVERIFY(!model && model.error().code == ErrorCode::CorruptData);
    QVERIFY(store().list().empty());
    QCOMPARE(modelFolders(), QStringList());
}

void tst_ModelStore::refusesAnIncompleteModel()
{
    QVERIFY(QFile::remove(path(u"mine/vocab.txt"_s)));
    const auto model = add(u"mine"_s);
    QVERIFY(!model && model.error().message.find("vocab.txt") != std::string::npos);
    QVERIFY(store().list().empty());
}

void tst_ModelStore::refusesADamagedPack()
{
    QVERIFY(add(u"mine"_s).has_value());
    QVERIFY(write(u"models/mine/model.safetensors"_s, "weightz"));
    QCOMPARE(tar({u"-cf"_s, path(u"pack.tar"_s), u"models/mine"_s}), 0);
    const auto changed = add(u"pack.tar"_s);
    QVERIFY(!changed && changed.error().code == ErrorCode::CorruptData);
    QVERIFY(QFile::resize(path(u"pack.tar"_s), 1200));
    const auto cut = add(u"pack.tar"_s);
    QVERIFY(!cut && cut.error().code == ErrorCode::CorruptData);
    QCOMPARE(store().list().size(), std::size_t{1});
}

void tst_ModelStore::listsNothingUnfinished()
{
    QVERIFY(write(u"models/half/model.safetensors"_s, "weights"));
    QVERIFY(write(u"models/.download-vit-b-16/model.json"_s, "{}"));
    QVERIFY(store().list().empty());
    QVERIFY(!store().find("half"));
    QVERIFY(add(u"mine"_s).has_value());
    QVERIFY(QFile::resize(path(u"models/mine/model.safetensors"_s), 3));
    QVERIFY(!store().list().front().whole);
}

void tst_ModelStore::findsAFlippedByte()
{
    QVERIFY(add(u"mine"_s).has_value());
    QVERIFY(store().verify("mine").has_value());
    QVERIFY(write(u"models/mine/model.safetensors"_s, "weightt"));
    const auto verified = store().verify("mine");
    QVERIFY(!verified && verified.error().code == ErrorCode::CorruptData);
    QVERIFY(verified.error().message.find("model.safetensors") != std::string::npos);
}

void tst_ModelStore::readsAModelAgainOnlyWhenItChanged()
{
    const auto model = add(u"mine"_s);
    QVERIFY(model.has_value());
    const std::filesystem::path weights = model->folder / "model.safetensors";
    const auto time = std::filesystem::last_write_time(weights);
    QVERIFY(store().verifyChanged(model->folder).has_value());

    // That it is not read: what cannot be seen from outside is not found.
    QVERIFY(write(u"models/mine/model.safetensors"_s, "weightt"));
    std::filesystem::last_write_time(weights, time);
    QVERIFY(store().verifyChanged(model->folder).has_value());
    std::filesystem::last_write_time(weights, time + std::chrono::seconds(1));
    for (const std::filesystem::path &path : {model->folder, weights}) {
        const auto changed = store().verifyChanged(path);
        QVERIFY(!changed && changed.error().code == ErrorCode::CorruptData);
        QVERIFY(changed.error().message.find("model.safetensors") != std::string::npos);
        QVERIFY(changed.error().message.find("models remove mine") != std::string::npos);
    }
    // What was refused is not remembered as good; the right content is, at whatever time.
    QVERIFY(!store().verifyChanged(model->folder));
    QVERIFY(write(u"models/mine/model.safetensors"_s, "weights"));
    QVERIFY(store().verifyChanged(model->folder).has_value());
    // A damaged note is none; what is no installed model is nobody's.
    QVERIFY(write(u"models/mine/.seen.json"_s, "{\"model.safetensors\":"));
    QVERIFY(store().verifyChanged(model->folder).has_value());
    QVERIFY(store().verifyChanged(path(u"mine"_s).toStdString()).has_value());
    QVERIFY(store().verifyChanged(path(u"nothing"_s).toStdString()).has_value());
}

void tst_ModelStore::removes()
{
    QVERIFY(add(u"mine"_s).has_value());
    QVERIFY(store().remove("mine").has_value());
    QVERIFY(!QFile::exists(path(u"models/mine"_s)));
    const auto again = store().remove("mine");
    QVERIFY(!again && again.error().code == ErrorCode::NotFound);
    QVERIFY(QFile::exists(path(u"mine/model.safetensors"_s)));
}

void tst_ModelStore::onlyOneProgramAtATime()
{
    QVERIFY(add(u"mine"_s).has_value());
    QVERIFY(write(u"models/.adding-other/vocab.txt"_s, "[PAD]\n"));
    const int other = ::open(path(u"models/.lock"_s).toLocal8Bit().constData(), O_RDWR | O_CLOEXEC);
    QVERIFY(other >= 0 && ::flock(other, LOCK_EX | LOCK_NB) == 0);
    const auto refused = add(u"mine"_s, "second");
    QVERIFY(!refused && refused.error().code == ErrorCode::Io);
    QVERIFY(refused.error().message.find("another program") != std::string::npos);
    QVERIFY(QFile::exists(path(u"models/.adding-other/vocab.txt"_s))); // It is at work there.
    const auto kept = store().remove("mine");
    QVERIFY(!kept && kept.error().code == ErrorCode::Io);
    QVERIFY(store().verify("mine").has_value());
    ::close(other);
    QVERIFY(add(u"mine"_s, "second").has_value());
    QVERIFY(store().remove("mine").has_value());
}

void tst_ModelStore::tidiesUpAfterAKilledProgram()
{
    QVERIFY(write(u"models/.adding-abcdef/model.safetensors"_s, "wei"));
    QVERIFY(write(u"models/.removing-old/model.safetensors"_s, "weights"));
    QVERIFY(write(u"models/.download-vit-b-16/vocab.txt.part"_s, "[PA"));
    QVERIFY(add(u"mine"_s).has_value());
    QCOMPARE(modelFolders(), (QStringList{u".download-vit-b-16"_s, u"mine"_s})); // Which goes on another day.
}

QTEST_GUILESS_MAIN(tst_ModelStore)
#include "tst_model_store.moc"
