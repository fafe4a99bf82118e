// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/manifest.h"

#include <QTest>

using namespace yingxun;
using namespace yingxun::models;

/// What Yingxun knows of the released models.
class tst_Models : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyReleasedModelCanBeGotAndChecked();
    void everySourceHasItsAddress();
    void refusesWhatIsNoSource_data();
    void refusesWhatIsNoSource();
};

void tst_Models::everyReleasedModelCanBeGotAndChecked()
{
    const auto &released = Manifest::builtIn().models();
    QCOMPARE(released.size(), std::size_t{5});
    double last = 0;
    for (const ReleasedModel &model : released) {
        int weights = 0;
        for (const ReleasedFile &file : model.files) {
            QVERIFY2(file.sha256.size() == 64 && file.bytes > 0, file.name.c_str());
            for (const char *source : {"huggingface", "modelscope"})
                QVERIFY(Manifest::builtIn().address(file, source).has_value());
            weights += file.bytes > 4 * model.parameters - 1'000'000 ? 1 : 0; // Weights in fp32.
        }
        QCOMPARE(weights, 1);
        QVERIFY(model.memoryBytes > model.bytes());
        QVERIFY(model.muge[0] > last && model.muge[0] < model.muge[1] && model.muge[1] < model.muge[2]);
        QVERIFY(model.flickr30kCn[0] > 40 && model.cocoCn[2] < 100);
        last = model.muge[0];
    }
}

void tst_Models::everySourceHasItsAddress()
{
    const Manifest &manifest = Manifest::builtIn();
    const ReleasedModel *model = manifest.find("rn50");
    QVERIFY(model != nullptr);
    const auto address = [&](std::size_t file, const std::string &from) {
        return manifest.address(model->files[file], from)->toString();
    };
    QCOMPARE(address(0, "huggingface"),
             QStringLiteral("https://huggingface.co/OFA-Sys/chinese-clip-rn50/resolve/main/clip_cn_rn50.pt"));
    QCOMPARE(address(0, "modelscope"),
             QStringLiteral("https://www.modelscope.cn/models/AI-ModelScope/chinese-clip-rn50/resolve/master/"
                            "clip_cn_rn50.pt"));
    QCOMPARE(address(1, "https://mirror.example/hub/"), // RN50's repository has no vocabulary of its own.
             QStringLiteral("https://mirror.example/hub/OFA-Sys/chinese-clip-vit-base-patch16/resolve/main/"
                            "vocab.txt"));
}

void tst_Models::refusesWhatIsNoSource_data()
{
    QTest::addColumn<QString>("from");
    for (const char *from :
         {"", "huggingfase", "ftp://mirror.example", "file:///etc", "https://", "mirror.example"})
        QTest::newRow(from) << QString::fromLatin1(from);
}

void tst_Models::refusesWhatIsNoSource()
{
    QFETCH(QString, from);
    const auto &model = Manifest::builtIn().models().front();
    const auto address = Manifest::builtIn().address(model.files.front(), from.toStdString());
    QVERIFY(!address);
    QCOMPARE(address.error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(tst_Models)
#include "tst_models.moc"
