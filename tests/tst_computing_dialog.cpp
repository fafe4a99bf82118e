// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/media.h"
#include "core/services/librarian.h"
#include "core/services/model_switch.h"
#include "core/services/searcher.h"
#include "core/services/thumbnail_loader.h"
#include "library.h"
#include "ui/computing_dialog.h"
#include "ui/main_window.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QMenuBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QStandardItemModel>

using namespace yingxun;
using namespace Qt::StringLiterals;

namespace {

const services::ComputingDevice kCard{u"cuda:0"_s, {u"float32"_s, u"bfloat16"_s, u"float16"_s}};
const services::ComputingDevice kProcessor{u"cpu"_s, {u"float32"_s, u"bfloat16"_s}};

} // namespace

/// Computing… over a model that starts on a card.
class tst_ComputingDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void choosesTheProcessorWhileSearchesGoOn();
    void choosesAPrecision();
    void offersOnlyWhatFitsTheDevice();
    void saysWhatTheCommandLineDecided();
    void offersOnlyDevicesForADecidedPrecision();
    void changesNothingWhenItIsCancelledOrNothingWasChosen();
    void triesAgainOnADeviceThatTheModelHasLeft();
    void saysThatNothingWasChangedWhenMemoryDoesNotSuffice();
    void opensFromTheMenuOfTheWindow();

private:
    void open(const services::Computing &decided = {});
    QComboBox *devices() const { return m_dialog->findChild<QComboBox *>(u"deviceChoice"_s); }
    QRadioButton *precision(const QString &name) const
    {
        return m_dialog->findChild<QRadioButton *>(u"precision-"_s + name);
    }
    QString now() const { return m_dialog->findChild<QLabel *>(u"computingNow"_s)->text(); }
    static bool isOffered(const QComboBox *box, int row)
    {
        return qobject_cast<QStandardItemModel *>(box->model())->item(row)->isEnabled();
    }
    void press(QDialogButtonBox::StandardButton button) const
    {
        m_dialog->findChild<QDialogButtonBox *>()->button(button)->click();
    }
    QString setting(const char *key) const { return m_settings->value(key).toString(); }
    bool search();

    std::unique_ptr<test::Library> m_library;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<services::Indexer> m_indexer;
    std::unique_ptr<services::Searcher> m_searcher;
    std::unique_ptr<services::ModelSwitch> m_switch;
    std::unique_ptr<ui::ComputingDialog> m_dialog;
    bool m_isFull = false;                            ///< No device loads a model.
    std::shared_ptr<std::binary_semaphore> m_mayLoad; ///< Null: at once.
    std::vector<std::shared_ptr<test::FakeEncoder>> m_loaded;
};

void tst_ComputingDialog::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English));
}

void tst_ComputingDialog::init()
{
    m_library = std::make_unique<test::Library>();
    m_library->encoder->runsOn = "cuda:0";
    m_library->encoder->computesIn = "float16";
    m_settings = std::make_unique<QSettings>(m_library->path(u"../settings.ini"_s), QSettings::IniFormat);
    m_indexer = std::make_unique<services::Indexer>(m_library->data(), m_library->encoder, m_library->store);
    m_searcher = std::make_unique<services::Searcher>(m_library->encoder, m_library->store);
    m_isFull = false;
    m_mayLoad.reset();
    m_switch = std::make_unique<services::ModelSwitch>(
        m_library->data(), vectors::ModelWithEmbeddings{m_library->encoder, m_library->store},
        m_indexer.get(), m_searcher.get(), m_settings.get(),
        [this](const QString &, const services::Computing &computing,
               const std::stop_token &) -> Result<std::shared_ptr<vectors::Encoder>> {
            if (m_mayLoad != nullptr)
                m_mayLoad->acquire();
            if (m_isFull)
                return fail(ErrorCode::OutOfMemory, "cuda:0 is full");
            const QString device = computing.device.isEmpty() ? kCard.name : computing.device;
            const QString precision = computing.precision.isEmpty() ? u"float32"_s : computing.precision;
            m_loaded.push_back(std::make_shared<test::FakeEncoder>());
            m_loaded.back()->runsOn = device.toStdString();
            m_loaded.back()->computesIn = precision.toStdString();
            return std::shared_ptr<vectors::Encoder>(m_loaded.back());
        });
}

void tst_ComputingDialog::cleanup()
{
    if (m_mayLoad != nullptr)
        m_mayLoad->release();
    m_dialog.reset();
    m_switch.reset();
    m_searcher.reset();
    m_indexer.reset();
    m_loaded.clear();
}

void tst_ComputingDialog::open(const services::Computing &decided)
{
    m_dialog = std::make_unique<ui::ComputingDialog>(
        m_switch.get(), services::ComputingChoices{{kCard, kProcessor}, decided});
    m_dialog->present();
}

bool tst_ComputingDialog::search()
{
    QSignalSpy found(m_searcher.get(), &services::Searcher::found);
    m_searcher->searchText(u"红"_s, 10);
    return found.wait();
}

void tst_ComputingDialog::choosesTheProcessorWhileSearchesGoOn()
{
    m_mayLoad = std::make_shared<std::binary_semaphore>(0);
    open();
    QCOMPARE(devices()->currentText(), u"Automatic: Graphics card (cuda:0)"_s);
    QVERIFY(precision(u"auto"_s)->isChecked());
    QCOMPARE(now(), u"Now colours runs on cuda:0, in float16."_s);
    devices()->setFocus();
    QTest::keyClick(devices(), Qt::Key_End);
    QCOMPARE(devices()->currentText(), u"Processor (cpu)"_s);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    QTest::keyClick(m_dialog.get(), Qt::Key_Return);
    QVERIFY(!m_dialog->isVisible());
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
    QVERIFY(changed.isEmpty());

    m_mayLoad->release();
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder()->device(), std::string("cpu"));
    QCOMPARE(setting(services::ModelSwitch::kDeviceKey), u"cpu"_s);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kPrecisionKey));
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
    m_dialog->present();
    QCOMPARE(devices()->currentText(), u"Processor (cpu)"_s);
    QCOMPARE(now(), u"Now colours runs on cpu, in float32."_s);
}

void tst_ComputingDialog::choosesAPrecision()
{
    open();
    precision(u"bfloat16"_s)->click();
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    press(QDialogButtonBox::Ok);
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder()->precision(), std::string("bfloat16"));
    QCOMPARE(setting(services::ModelSwitch::kPrecisionKey), u"bfloat16"_s);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kDeviceKey));
    m_dialog->present();
    QVERIFY(precision(u"bfloat16"_s)->isChecked());

    precision(u"auto"_s)->click();
    press(QDialogButtonBox::Ok);
    QVERIFY(changed.wait());
    QVERIFY(!m_settings->contains(services::ModelSwitch::kPrecisionKey));
}

void tst_ComputingDialog::offersOnlyWhatFitsTheDevice()
{
    open();
    precision(u"float16"_s)->click();
    QVERIFY(precision(u"float16"_s)->isChecked());
    devices()->setCurrentIndex(2); // The processor.
    QVERIFY(!precision(u"float16"_s)->isEnabled());
    QVERIFY(precision(u"auto"_s)->isChecked());
    QVERIFY(precision(u"float32"_s)->isEnabled() && precision(u"bfloat16"_s)->isEnabled());
    devices()->setCurrentIndex(0);
    QVERIFY(precision(u"float16"_s)->isEnabled());
}

void tst_ComputingDialog::saysWhatTheCommandLineDecided()
{
    m_settings->setValue(services::ModelSwitch::kDeviceKey, kCard.name);
    open({u"cpu"_s, {}});
    QCOMPARE(devices()->currentText(), u"Processor (cpu)"_s);
    QVERIFY(!devices()->isEnabled());
    QVERIFY(m_dialog->findChild<QLabel *>(u"decidedNote"_s)->text().contains(u"says cpu for this start"_s));
    QVERIFY(!precision(u"float16"_s)->isEnabled());
    precision(u"bfloat16"_s)->click();
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    press(QDialogButtonBox::Ok);
    QVERIFY(changed.wait());
    QCOMPARE(setting(services::ModelSwitch::kPrecisionKey), u"bfloat16"_s);
    QCOMPARE(setting(services::ModelSwitch::kDeviceKey), kCard.name); // For other starts.
}

void tst_ComputingDialog::offersOnlyDevicesForADecidedPrecision()
{
    open({{}, u"float16"_s});
    QVERIFY(precision(u"float16"_s)->isChecked());
    for (const QString &name : {u"auto"_s, u"float32"_s, u"bfloat16"_s, u"float16"_s})
        QVERIFY(!precision(name)->isEnabled());
    QVERIFY(devices()->isEnabled() && isOffered(devices(), 0) && isOffered(devices(), 1));
    QVERIFY(!isOffered(devices(), 2));
}

void tst_ComputingDialog::changesNothingWhenItIsCancelledOrNothingWasChosen()
{
    open();
    QSignalSpy changing(m_switch.get(), &services::ModelSwitch::changing);
    press(QDialogButtonBox::Ok);
    m_dialog->present();
    devices()->setCurrentIndex(2);
    precision(u"float32"_s)->click();
    press(QDialogButtonBox::Cancel);
    QVERIFY(!m_dialog->isVisible());
    QVERIFY(changing.isEmpty());
    QVERIFY(m_settings->allKeys().isEmpty());
    m_dialog->present();
    QCOMPARE(devices()->currentIndex(), 0);
    QVERIFY(precision(u"auto"_s)->isChecked());
}

void tst_ComputingDialog::triesAgainOnADeviceThatTheModelHasLeft()
{
    m_library->encoder->runsOn = "cpu"; // The card's memory did not suffice.
    open();
    QCOMPARE(now(), u"Now colours runs on cpu, in float16."_s);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    press(QDialogButtonBox::Ok);
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder()->device(), std::string("cuda:0"));
}

void tst_ComputingDialog::saysThatNothingWasChangedWhenMemoryDoesNotSuffice()
{
    m_isFull = true;
    open();
    QSignalSpy noticed(m_dialog.get(), &ui::ComputingDialog::noticed);
    precision(u"float32"_s)->click();
    press(QDialogButtonBox::Ok);
    QVERIFY(noticed.wait());
    QCOMPARE(noticed.first().first().toString(),
             u"Nothing was changed, the model goes on as before: There is not enough memory. "
             "(cuda:0 is full)"_s);
    QVERIFY(m_settings->allKeys().isEmpty());
    QCOMPARE(m_switch->encoder(), m_library->encoder);
    m_dialog->present();
    QVERIFY(precision(u"auto"_s)->isChecked());
}

void tst_ComputingDialog::opensFromTheMenuOfTheWindow()
{
    services::Librarian librarian(m_library->data());
    services::ThumbnailLoader thumbnails(m_library->data(), std::make_shared<media::DirectReader>());
    ui::Services services{&librarian,  m_indexer.get(), m_searcher.get(),
                          &thumbnails, u"colours"_s,    u"cuda:0"_s};
    services.modelSwitch = m_switch.get();
    services.computing.devices = {kCard, kProcessor};
    ui::MainWindow window(services);
    window.show();
    auto *dialog = window.findChild<ui::ComputingDialog *>();
    QVERIFY(dialog != nullptr && !dialog->isVisible());
    for (QAction *action : window.menuBar()->actions().first()->menu()->actions()) {
        if (action->text().remove(u'&') == u"Computing…"_s)
            action->trigger();
    }
    QVERIFY(dialog->isVisible());
    m_isFull = true;
    dialog->findChild<QComboBox *>(u"deviceChoice"_s)->setCurrentIndex(2);
    dialog->accept();
    const auto *told = window.findChild<QLabel *>(u"message"_s);
    QTRY_VERIFY(told->isVisible() && told->text().startsWith(u"Nothing was changed"_s));
}

QTEST_MAIN(tst_ComputingDialog)
#include "tst_computing_dialog.moc"
