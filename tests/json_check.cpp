// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/base/json_writer.h"
#include "tests/support/check.h"

#include <array>
#include <limits>

using namespace yingxun;
using namespace std::string_literals;

namespace {

void checkIntegers()
{
    const struct {
        const char *text;
        std::int64_t value;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"7", 7},
        {" \t\r\n-12 \n", -12},
        {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
    };
    for (const auto &c : cases) {
        const Result<Json> json = parseJson(c.text);
        if (!CHECK(json && json->asInt() == c.value) || !CHECK(json->asDouble() == double(c.value)))
            std::printf("  case: %s\n", c.text);
    }
}

void checkReals()
{
    const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0.5", 0.5},
        {"-0.25", -0.25},
        {"1e-05", 1e-5},
        {"1E+2", 100},
        {"2e3", 2000},
        {"1.0", 1},
        {"-0.0", 0},
        {"1.7976931348623157e308", std::numeric_limits<double>::max()},
        {"5e-324", std::numeric_limits<double>::denorm_min()},
        // One more than the integers hold: a number still, but never a wrong integer.
        {"9223372036854775808", 9223372036854775808.0},
        {"-9223372036854775809", -9223372036854775808.0},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
    };
    for (const auto &c : cases) {
        const Result<Json> json = parseJson(c.text);
        if (!CHECK(json && json->asDouble() == c.value) || !CHECK(!json->asInt()))
            std::printf("  case: %s\n", c.text);
    }
}

void checkStrings()
{
    const struct {
        std::string text;
        std::string value;
    } cases[] = {
        {R"("")", ""},
        {R"("abc")", "abc"},
        {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
        {R"("\u0041\u00e9\u7EA2")", "A\u00E9红"},
        {R"("a\u0000b")", "a\0b"s},
        {R"("\uD83D\uDE00")", "😀"},
        {R"("\uD800\uDC00")", "\U00010000"},
        {R"("\udbff\udfff")", "\U0010FFFF"},
        {R"("\uFFFF")", "\uFFFF"},
        {"\"红色 😀 \x7F\"", "红色 😀 \x7F"},
    };
    for (const auto &c : cases) {
        const Result<Json> json = parseJson(c.text);
        if (!CHECK(json && json->asString() == c.value))
            std::printf("  case: %s\n", c.text.c_str());
        const Result<Json> again = parseJson(jsonString(c.value));
        if (!CHECK(again && again->asString() == c.value))
            std::printf("  case: %s, written by jsonString\n", c.text.c_str());
    }
    CHECK_EQ(jsonString("a\xFF"
                        "b"),
             "\"a\uFFFDb\"");
}

void checkWriter()
{
    JsonWriter line;
    line.beginObject()
        .member("text", "\"红\"\n\xFF")
        .member("yes", true)
        .member("count", std::int64_t{-3})
        .member("chosen", JsonNumber{"0.50"})
        .array("numbers", std::array{0.1f, 1e-7f, -2.0f});
    line.key("none").beginArray().endArray().key("empty").beginObject().endObject();
    line.key("objects").beginArray();
    for (int i = 0; i < 2; ++i)
        line.newLine().beginObject().member("i", i).endObject();
    line.endArray().newLine().member("last", 0.1).endObject();
    CHECK_EQ(line.text(), "{\"text\":\"\\\"红\\\"\\u000a\uFFFD\",\"yes\":true,\"count\":-3,\"chosen\":0.50,"
                          "\"numbers\":[0.1,1e-07,-2],\"none\":[],\"empty\":{},"
                          "\"objects\":[\n{\"i\":0},\n{\"i\":1}],\n\"last\":0.1}");
    CHECK(parseJson(line.text()).has_value());

    JsonWriter indented(JsonWriter::Layout::Indented);
    indented.beginObject().array("list", std::array{"a", "b"}).key("inner").beginObject();
    indented.member("one", 1).member("two", 2).endObject().key("empty").beginObject().endObject().endObject();
    CHECK_EQ(indented.text(), R"({
  "list": ["a", "b"],
  "inner": {
    "one": 1,
    "two": 2
  },
  "empty": {}
})");
}

void checkValues()
{
    const Result<Json> json = parseJson(R"( { "z" : [ 1 , [ ] , { } , null ] , "a" : true , "" : false } )");
    if (!CHECK(json && json->asObject() != nullptr && json->asObject()->size() == 3))
        return;
    CHECK_EQ((*json->asObject())[0].first, "z"); // The order of the text, not of the alphabet.
    CHECK(json->find("a") != nullptr && json->find("a")->asBool() == true);
    CHECK(json->find("") != nullptr && json->find("")->asBool() == false);
    CHECK(json->find("b") == nullptr);
    const Json::Array *items = json->find("z")->asArray();
    if (!CHECK(items != nullptr && items->size() == 4))
        return;
    CHECK((*items)[0].asInt() == 1);
    CHECK((*items)[1].asArray() != nullptr && (*items)[1].asArray()->empty());
    CHECK((*items)[2].asObject() != nullptr && (*items)[2].asObject()->empty());
    CHECK((*items)[3].isNull());

    // A value is only what it is.
    CHECK(!json->isNull() && json->asArray() == nullptr && !json->asString() && !json->asBool());
    CHECK(!json->asInt() && !json->asDouble());
    CHECK((*items)[0].find("a") == nullptr && (*items)[0].asObject() == nullptr && !(*items)[0].asBool());
    CHECK(!json->find("a")->asInt());
}

std::string nested(int depth, const std::string &inner)
{
    std::string text;
    for (int i = 0; i < depth; ++i)
        text += i % 2 ? "[" : "{\"a\":";
    text += inner;
    for (int i = depth; i-- > 0;)
        text += i % 2 ? "]" : "}";
    return text;
}

void checkRefused()
{
    const std::string bomb(1'000'000, '[');
    const struct {
        std::string text;
        std::size_t byte; ///< Where the reader stops.
        const char *why;
    } cases[] = {
        // Cut short.
        {"", 0, "the text ends where a value should be"},
        {" \n", 2, "the text ends where a value should be"},
        {"[", 1, "the text ends where a value should be"},
        {"[1", 2, "an array is not closed"},
        {"[1,", 3, "the text ends where a value should be"},
        {"{", 1, "a member needs a name in quotes"},
        {R"({"a)", 3, "a string is not closed"},
        {R"({"a")", 4, "a colon is missing"},
        {R"({"a":)", 5, "the text ends where a value should be"},
        {R"({"a":1)", 6, "an object is not closed"},
        {R"({"a":1,)", 7, "a member needs a name in quotes"},
        {"\"", 1, "a string is not closed"},
        {"\"\\", 2, "an unknown escape"},
        {"\"\\u00", 3, "an unknown escape"},
        {"tru", 0, "not a value"},
        {"-", 1, "not a value"},
        {"1.", 2, "a number without digits after the point"},
        {"1e", 2, "a number without an exponent"},
        {"1e+", 3, "a number without an exponent"},
        // Wrong punctuation.
        {"[1,]", 3, "not a value"},
        {"[,1]", 1, "not a value"},
        {"[1 2]", 3, "an array is not closed"},
        {"[1}", 2, "an array is not closed"},
        {R"({"a":1,})", 7, "a member needs a name in quotes"},
        {R"({"a" 1})", 5, "a colon is missing"},
        {R"({"a":1 "b":2})", 7, "an object is not closed"},
        {"{a:1}", 1, "a member needs a name in quotes"},
        {"{1:1}", 1, "a member needs a name in quotes"},
        {"'a'", 0, "not a value"},
        {"/**/1", 0, "not a value"},
        // After the value.
        {"1 2", 2, "text after the value"},
        {"{}{}", 2, "text after the value"},
        {"null,", 4, "text after the value"},
        {"{}\0"s, 2, "text after the value"},
        {"nullx", 4, "text after the value"},
        // Numbers.
        {"01", 2, "not a value"},
        {"-01", 3, "not a value"},
        {"+1", 0, "not a value"},
        {".5", 0, "not a value"},
        {"1.e5", 2, "a number without digits after the point"},
        {"0x10", 1, "text after the value"},
        {"NaN", 0, "not a value"},
        {"-Infinity", 1, "not a value"},
        {"True", 0, "not a value"},
        {"1e400", 5, "a number out of range"},
        {"-1e99999999999999999999", 23, "a number out of range"},
        {std::string(400, '9'), 400, "a number out of range"},
        // Strings.
        {R"("\x41")", 2, "an unknown escape"},
        {R"("\U0041")", 2, "an unknown escape"},
        {R"("\u12G4")", 3, "an unknown escape"},
        {R"("\u-123")", 3, "an unknown escape"},
        {R"("\u 123")", 3, "an unknown escape"},
        {R"("\uD800")", 7, "a lone surrogate"},
        {R"("\uDC00")", 7, "a lone surrogate"},
        {R"("\uD800x")", 7, "a lone surrogate"},
        {R"("\uD800\n")", 8, "an unknown escape"},
        {R"("\uD800\u0041")", 13, "a lone surrogate"},
        {R"("\uD800\uD800")", 13, "a lone surrogate"},
        {"\"a\nb\"", 2, "a control character in a string"},
        {"\"a\0b\""s, 2, "a control character in a string"},
        // UTF-8.
        {"\"\xFF\"", 1, "invalid UTF-8"},
        {"\"\x80\"", 1, "invalid UTF-8"},
        {"\"\xC0\xAF\"", 1, "invalid UTF-8"},         // Overlong.
        {"\"\xE0\x80\xAF\"", 1, "invalid UTF-8"},     // Overlong.
        {"\"\xED\xA0\x80\"", 1, "invalid UTF-8"},     // A surrogate.
        {"\"\xF4\x90\x80\x80\"", 1, "invalid UTF-8"}, // Beyond U+10FFFF.
        {"\"\xE7\xBA\"", 1, "invalid UTF-8"},         // Ends early.
        {"{\"\xFF\":1}", 2, "invalid UTF-8"},
        {"\xEF\xBB\xBF{}", 0, "not a value"}, // A byte order mark.
        // Names that occur twice.
        {R"({"a":1,"a":1})", 10, "a name occurs twice in one object"},
        {R"({"a":1,"\u0061":2})", 15, "a name occurs twice in one object"},
        {R"([{"":1,"":1}])", 9, "a name occurs twice in one object"},
        // Depth.
        {bomb, 65, "nested too deeply"},
        {nested(66, ""), 197, "nested too deeply"},
        {nested(65, "1"), 197, "nested too deeply"},
    };
    for (const auto &c : cases) {
        const Result<Json> json = parseJson(c.text);
        const std::string message = "JSON, byte " + std::to_string(c.byte) + ": " + c.why;
        if (!CHECK(!json && json.error().code == ErrorCode::CorruptData && json.error().message == message)) {
            std::printf("  case: %.60s\n  expected: %s\n  got: %s\n", c.text.c_str(), message.c_str(),
                        json ? "a value" : json.error().message.c_str());
        }
    }
    CHECK(parseJson(nested(64, "1")));
    // A name may occur in several objects.
    CHECK(parseJson(R"([{"a":1},{"a":{"a":1}}])"));
}

/// Every text that a cut can make of a good one: an error, and no step outside the text.
void checkCuts()
{
    const std::string whole = R"({"a":[1.5e3,"\uD83D\uDE00红",{"b":null}],"c":false})";
    CHECK(parseJson(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        // A copy of its own, so that the address sanitizer sees a read beyond it.
        const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        const Result<Json> json = parseJson({cut.data(), cut.size()});
        if (!CHECK(!json && json.error().code == ErrorCode::CorruptData))
            std::printf("  cut after %zu bytes\n", length);
    }
}

} // namespace

int main()
{
    checkIntegers();
    checkReals();
    checkStrings();
    checkWriter();
    checkValues();
    checkRefused();
    checkCuts();
    return checkSummary();
}
