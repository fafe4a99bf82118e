// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/keys.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace yingxun::query {
namespace {

constexpr std::array kKeyNames{
    KeyName{u"标签", Key::Label},       KeyName{u"label", Key::Label},
    KeyName{u"tag", Key::Label},        KeyName{u"labels", Key::Label},
    KeyName{u"tags", Key::Label},       KeyName{u"文件夹", Key::Folder},
    KeyName{u"folder", Key::Folder},    KeyName{u"in", Key::Folder},
    KeyName{u"目录", Key::Folder},      KeyName{u"日期", Key::Date},
    KeyName{u"date", Key::Date},        KeyName{u"时间", Key::Date},
    KeyName{u"相机", Key::Camera},      KeyName{u"camera", Key::Camera},
    KeyName{u"镜头", Key::Lens},        KeyName{u"lens", Key::Lens},
    KeyName{u"评分", Key::Rating},      KeyName{u"rating", Key::Rating},
    KeyName{u"stars", Key::Rating},     KeyName{u"星级", Key::Rating},
    KeyName{u"格式", Key::Format},      KeyName{u"format", Key::Format},
    KeyName{u"has", Key::Has},          KeyName{u"尺寸", Key::Size},
    KeyName{u"size", Key::Size},        KeyName{u"大小", Key::Size},
    KeyName{u"方向", Key::Orientation}, KeyName{u"orientation", Key::Orientation},
    KeyName{u"类型", Key::Type},        KeyName{u"type", Key::Type},
    KeyName{u"图片", Key::Image},       KeyName{u"image", Key::Image},
};

std::vector<ValueName> makeValueNames()
{
    std::vector<ValueName> names;
    const auto add = [&names](Key key, const Condition &condition,
                              std::initializer_list<QStringView> spellings) {
        for (const QStringView spelling : spellings)
            names.push_back({spelling, key, condition});
    };
    add(Key::Has, GpsFilter{}, {u"gps", u"位置"});
    add(Key::Orientation, OrientationFilter{Orientation::Landscape}, {u"横图", u"landscape", u"横", u"横向"});
    add(Key::Orientation, OrientationFilter{Orientation::Portrait}, {u"竖图", u"portrait", u"竖", u"竖向"});
    add(Key::Orientation, OrientationFilter{Orientation::Square}, {u"方图", u"square", u"方", u"方形"});
    add(Key::Type, KindFilter{FileKind::Photo}, {u"照片", u"photo", u"图片", u"image"});
    add(Key::Type, KindFilter{FileKind::Video}, {u"视频", u"video"});
    add(Key::Format, FormatFilter{FileFormat::Jpeg}, {u"jpeg", u"jpg"});
    add(Key::Format, FormatFilter{FileFormat::Png}, {u"png"});
    add(Key::Format, FormatFilter{FileFormat::Webp}, {u"webp"});
    add(Key::Format, FormatFilter{FileFormat::Gif}, {u"gif"});
    add(Key::Format, FormatFilter{FileFormat::Bmp}, {u"bmp"});
    add(Key::Format, FormatFilter{FileFormat::Tiff}, {u"tiff", u"tif"});
    add(Key::Format, FormatFilter{FileFormat::Heif}, {u"heic", u"heif"});
    add(Key::Format, FormatFilter{FileFormat::Avif}, {u"avif"});
    add(Key::Format, FormatFilter{FileFormat::Raw}, {u"raw"});
    add(Key::Format, FormatFilter{FileFormat::Jpeg2000}, {u"jp2", u"jpeg2000", u"j2k"});
    add(Key::Format, FormatFilter{FileFormat::JpegXl}, {u"jxl", u"jpegxl"});
    add(Key::Format, FormatFilter{FileFormat::Psd}, {u"psd", u"psb"});
    return names;
}

/// Of the language's own words only: OpenCC for every word of every keystroke would be much work for these.
QChar simplified(QChar c)
{
    static constexpr QStringView from =
        u"標籤夾資檔時間機鏡頭評級類視頻橫豎圖長個這週節國慶聖誕過從後號陽陰無與質點";
    static constexpr QStringView to =
        u"标签夹资档时间机镜头评级类视频横竖图长个这周节国庆圣诞过从后号阳阴无与质点";
    static_assert(from.size() == to.size());
    const auto at = from.indexOf(c);
    return at < 0 ? c : to[at];
}

} // namespace

std::span<const KeyName> keyNames()
{
    return kKeyNames;
}

std::span<const ValueName> valueNames()
{
    static const std::vector<ValueName> names = makeValueNames();
    return names;
}

QChar narrow(QChar c)
{
    if (c >= u'！' && c <= u'～')
        return QChar(char16_t(c.unicode() - u'！' + u'!'));
    switch (c.unicode()) {
    case u'　':
        return u' ';
    case u'−':
        return u'-';
    case u'〜':
        return u'~';
    default:
        return c;
    }
}

QString folded(QStringView text)
{
    QString result(text.size(), Qt::Uninitialized);
    std::transform(text.begin(), text.end(), result.begin(),
                   [](QChar c) { return simplified(narrow(c).toLower()); });
    return result;
}

std::optional<Key> keyOf(QStringView name)
{
    const QString wanted = folded(name);
    const auto found = std::find_if(kKeyNames.begin(), kKeyNames.end(),
                                    [&wanted](const KeyName &key) { return key.name == wanted; });
    return found == kKeyNames.end() ? std::nullopt : std::optional(found->key);
}

std::optional<Condition> valueOf(Key key, QStringView name)
{
    const QString wanted = folded(name);
    for (const ValueName &value : valueNames()) {
        if (value.key == key && value.name == wanted)
            return value.condition;
    }
    return std::nullopt;
}

std::optional<Condition> bareFilter(QStringView word)
{
    const QString wanted = folded(word);
    if (wanted == u"有gps")
        return GpsFilter{};
    if (wanted == u"视频")
        return KindFilter{FileKind::Video};
    if (wanted == u"横图" || wanted == u"竖图" || wanted == u"方图")
        return valueOf(Key::Orientation, wanted);
    return std::nullopt;
}

} // namespace yingxun::query
