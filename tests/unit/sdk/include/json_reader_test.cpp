#include "wfc/json_reader.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "wfc/json_tree.hpp"

namespace wfc {
namespace {

using nlohmann::json;
using Kind = JsonReader::Kind;

/// What the reader makes of any value.
json value_of(JsonReader& in) {
    switch (in.peek()) {
        case Kind::object: {
            json out = json::object();
            in.enter_object();
            for (std::string_view name; in.next_member(name);) {
                const std::string kept(name);
                out[kept] = value_of(in);
                if (name != kept) throw std::logic_error("the name did not stay");
            }
            return out;
        }
        case Kind::list: {
            json out = json::array();
            for (in.enter_list(); in.next_element();) out.push_back(value_of(in));
            return out;
        }
        case Kind::string:
            return std::string(in.string());
        case Kind::boolean:
            return in.boolean();
        case Kind::null:
            in.null();
            return nullptr;
        default:
            return json::parse(in.number());
    }
}

std::optional<json> read(std::string_view document) {
    try {
        JsonReader in(document);
        json value = value_of(in);
        in.finish();
        return value;
    } catch (const JsonFault&) {
        return std::nullopt;
    }
}

/// What the library's own parser makes of it, but for members that stand twice.
std::optional<json> parsed(std::string_view document) {
    using event = json::parse_event_t;
    std::vector<std::set<std::string>> names;
    bool twice = false;
    const auto look = [&](int, event at, json& value) {
        if (at == event::object_start) names.emplace_back();
        if (at == event::object_end) names.pop_back();
        if (at == event::key) twice = twice || !names.back().insert(value.get<std::string>()).second;
        return true;
    };
    try {
        json value = json::parse(document.begin(), document.end(), look);
        return twice ? std::nullopt : std::optional(std::move(value));
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

bool same(const std::optional<json>& one, const std::optional<json>& other) {
    // Equal numbers may be of different types.
    return one == other && (!one || (one->dump() == other->dump() && one->type() == other->type()));
}

/// Why a document is refused; nothing where it is taken.
std::optional<JsonFault> refusal(std::string_view document, JsonReaderBounds bounds = {}) {
    try {
        JsonReader in(document, bounds);
        in.skip();
        in.finish();
        return std::nullopt;
    } catch (const JsonFault& fault) {
        return fault;
    }
}

bool skipped(std::string_view document) {
    return !refusal(document);
}

JsonFault fault_of(std::string_view document, JsonReaderBounds bounds = {}) {
    return refusal(document, bounds).value_or(JsonFault("was taken", "", 0));
}

TEST(JsonReader, ReadsEveryKindOfValue) {
    const char* document =
        R"( { "a" : [1, -2.5e3, "x", true, false, null, {}, []], "b\n": "\u3042\ud83d\udcee" } )";
    EXPECT_EQ(read(document), json::parse(document));
}

TEST(JsonReader, CopiesNoStringWithoutEscapes) {
    const std::string document = R"(["日本 plain"])";
    JsonReader in(document);
    in.enter_list();
    ASSERT_TRUE(in.next_element());
    EXPECT_EQ(in.string().data(), document.data() + 2);
}

TEST(JsonReader, NamesTheValueAtFaultAndTheByte) {
    const JsonFault fault = fault_of(R"({"a":1,"b/c":[0,{"d":tru}]})");
    EXPECT_EQ(fault.pointer(), "/b~1c/1/d");
    EXPECT_EQ(fault.byte(), 21u);
    EXPECT_EQ(fault_of("{\"a\":1,}").pointer(), "") << "no member there to name";
    EXPECT_EQ(fault_of("[1,]").pointer(), "/1");
    EXPECT_EQ(fault_of("{} x").pointer(), "");
}

TEST(JsonReader, RefusesAMemberThatStandsTwiceHoweverItIsWritten) {
    const JsonFault fault = fault_of(R"({"a":{"to":1,"t\u006f":2}})");
    EXPECT_STREQ(fault.what(), "stands twice in one object");
    EXPECT_EQ(fault.pointer(), "/a/to");
    EXPECT_TRUE(skipped(R"({"to":{"to":[{"to":1},{"to":2}]}})"));
}

TEST(JsonReader, FindsTheRepetitionAmongManyMembersWithoutComparingAllWithAll) {
    std::string document = "{";
    for (int i = 0; i < 50'000; ++i) document += "\"m" + std::to_string(i) + "\":0,";
    EXPECT_TRUE(skipped(document + "\"last\":{\"m1\":0}}"));
    EXPECT_EQ(fault_of(document + "\"m1\":0}").pointer(), "/m1");
}

TEST(JsonReader, IsBounded) {
    EXPECT_STREQ(fault_of("[1,2]", {4, 32}).what(), "is too large");
    EXPECT_TRUE(skipped(std::string(32, '[') + std::string(32, ']')));
    EXPECT_STREQ(fault_of(std::string(33, '[') + std::string(33, ']')).what(), "nests too deep");
    EXPECT_STREQ(fault_of(std::string(1'000'000, '[')).what(), "nests too deep");
}

TEST(JsonReader, RefusesWhatIsNotOfTheKindThatIsAskedFor) {
    EXPECT_THROW(JsonReader("1").string(), JsonFault);
    EXPECT_THROW(JsonReader("\"1\"").number(), JsonFault);
    EXPECT_THROW(JsonReader("[]").enter_object(), JsonFault);
    EXPECT_THROW(JsonReader("{}").enter_list(), JsonFault);
    EXPECT_THROW(JsonReader("null").boolean(), JsonFault);
    EXPECT_THROW(JsonReader("").null(), JsonFault);
}

TEST(JsonReader, TakesAndRefusesNumbersAsATreeDoes) {
    for (const char* number : {"0",
                               "-0",
                               "00",
                               "01",
                               "-",
                               "+1",
                               "1.",
                               ".5",
                               "1.5",
                               "1e5",
                               "1E+5",
                               "1e",
                               "1e-",
                               "-1.25e-3",
                               "1e308",
                               "1e309",
                               "1.7976931348623157e308",
                               "1.7976931348623159e308",
                               "-1e400",
                               "1e-400",
                               "0e999",
                               "0.0e99999999999999",
                               "0.00000000000000000001e329",
                               "0.0001e312",
                               "0.0001e313",
                               "18446744073709551615",
                               "18446744073709551616",
                               "1e99999999999999999999",
                               "1e-99999999999999999999",
                               "-9223372036854775808",
                               "-9223372036854775809",
                               "9223372036854775808",
                               "0x1",
                               "NaN",
                               "Infinity",
                               "1 2"}) {
        EXPECT_EQ(read(number), parsed(number)) << number;
        EXPECT_TRUE(same(detail::sound_tree(number, {}), parsed(number))) << number;
    }
    for (const std::size_t digits : {300u, 308u, 309u, 310u, 5000u}) {
        const std::string number(digits, '9');
        EXPECT_EQ(read(number), parsed(number)) << digits;
        EXPECT_EQ(read("1" + number + "e-" + std::to_string(digits)),
                  parsed("1" + number + "e-" + std::to_string(digits)));
    }
}

TEST(JsonReader, TakesAndRefusesStringsAsATreeDoes) {
    for (int first = 0; first < 256; ++first) {
        for (const char* rest :
             {"", "\x80", "\xBF", "\x9F\x80", "\xA0\x80", "\x8F\xBF\xBF", "\x90\x80\x80", "\\"}) {
            const std::string document =
                std::string("\"a") + static_cast<char>(first) + rest + "z1234567890\"";
            EXPECT_EQ(read(document), parsed(document)) << first;
        }
    }
    for (const char* escape :
         {"\\u0000", "\\u00E9", "\\uD800", "\\uDC00\\uD800", "\\uD83D\\uDCEE", "\\uD83Dx", "\\uD83D\\n",
          "\\u12", "\\uXYZW", "\\x", "\\/", "\\b\\f\\n\\r\\t\\\\\\\"", "\\", "\\uD83D\\uD83D", "\\u007f"}) {
        const std::string document = std::string("\"") + escape + "\"";
        EXPECT_EQ(read(document), parsed(document)) << escape;
    }
}

/// Documents that are JSON, most of them, and then damaged in a few places.
class Documents {
  public:
    explicit Documents(unsigned seed) : random_(seed) {}

    std::string next() {
        std::string document = value(0);
        for (std::size_t left = below(3); left > 0 && !document.empty(); --left) damage(document);
        return document;
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }
    std::string quoted() {
        std::string out = "\"";
        for (std::size_t left = below(6); left > 0; --left)
            out += pick({"a", "to", "日本", "\\n", "\\u0041", "\\ud83d\\udcee", "\\\"",
                         "long enough for a run", "\xF0\x9F\x93\xAE"});
        return out + "\"";
    }
    std::string value(int depth) {
        switch (below(depth > 4 ? 4 : 6)) {
            case 0:
                return pick({"0", "-1", "1.5", "1e3", "-0.25E-2", "12345678901234567890", "1e309"});
            case 1:
                return pick({"true", "false", "null"});
            case 2:
            case 3:
                return quoted();
            case 4: {
                std::string out = "[";
                for (std::size_t left = below(4); left > 0; --left)
                    out += value(depth + 1) + (left > 1 ? " ,\n" : "");
                return out + "]";
            }
            default: {
                std::string out = "{";
                for (std::size_t left = below(below(9) == 0 ? 40 : 4); left > 0; --left)
                    out += quoted() + ":\t" + value(depth + 1) + (left > 1 ? "," : " ");
                return out + "}";
            }
        }
    }
    void damage(std::string& document) {
        const std::size_t at = below(document.size());
        switch (below(4)) {
            case 0:
                document[at] =
                    static_cast<char>(1 + below(255));  // NUL ends a document for the tree's parser
                break;
            case 1:
                document.erase(at, 1 + below(3));
                break;
            case 2:
                document.insert(at,
                                pick({",", ":", "{", "}", "[", "]", "\"", "\\", "-", "0", "e", "\xC3", " "}));
                break;
            default:
                document.resize(at);
        }
    }

    std::mt19937 random_;
};

TEST(JsonReader, AgreesWithATreeOnRandomAndDamagedDocuments) {
    std::size_t taken = 0;
    for (unsigned seed = 0; seed < 4'000; ++seed) {
        const std::string document = Documents(seed).next();
        const std::optional<json> expected = parsed(document);
        ASSERT_EQ(read(document), expected) << "seed " << seed << ": " << document;
        ASSERT_TRUE(same(detail::sound_tree(document, {}), expected)) << "seed " << seed << ": " << document;
        ASSERT_EQ(skipped(document), expected.has_value()) << "seed " << seed << ": " << document;
        taken += expected ? 1 : 0;
    }
    EXPECT_GT(taken, 600u);
    EXPECT_LT(taken, 3'400u);
}

}  // namespace
}  // namespace wfc
