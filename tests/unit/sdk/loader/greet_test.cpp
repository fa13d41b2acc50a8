/// examples/minimal-component, loaded as any host would load it.
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

#include "loader/loader.hpp"
#include "wfc/stream.hpp"

namespace {

using nlohmann::json;

class Greet : public ::testing::Test {
  protected:
    void SetUp() override {
        module = wfc::load(std::filesystem::path(BINARY_DIR) / "components/minimal-component", {});
        component = module->create(host);
    }

    wfc_status configure(std::string_view settings) { return component.configure(settings, document); }
    wfc_status hello(std::string_view input, std::string_view operation = "hello") {
        document.clear();
        const wfc_call call = call_of(input, operation, document);
        return component.invoke(call);
    }
    wfc_call call_of(std::string_view input, std::string_view operation, std::string& into) {
        return {sizeof(wfc_call),
                0,
                this,
                wfc::view("id"),
                wfc::view(operation),
                wfc::view(input),
                0,
                wfc::append_to(into),
                [](const wfc_call* call) noexcept -> int {
                    return static_cast<Greet*>(call->ctx)->cancelled ? 1 : 0;
                },
                [](const wfc_call*, wfc_view, wfc_source*) noexcept -> wfc_status { return WFC_NOT_FOUND; },
                [](const wfc_call*, wfc_view, wfc_view, wfc_sink*) noexcept -> wfc_status {
                    return WFC_UNSUPPORTED;
                },
                [](const wfc_call*, wfc_view) noexcept {}};
    }
    /// "pointer: message" of the document.
    std::string fault() const {
        const json parsed = json::parse(document);
        EXPECT_EQ(parsed.at("format"), 1);
        const json& error = parsed.at("error");
        return error.value("pointer", "") + ": " + error.at("message").get<std::string>();
    }

    bool cancelled = false;
    std::vector<std::string> logged;
    bool log_enabled = true;
    wfc_log log{
        sizeof(wfc_log), 0, this,
        [](void* ctx, std::int32_t) noexcept -> int { return static_cast<Greet*>(ctx)->log_enabled ? 1 : 0; },
        [](void* ctx, std::int32_t, wfc_view event, wfc_view) noexcept {
            static_cast<Greet*>(ctx)->logged.emplace_back(wfc::text(event));
        }};
    bool has_log = true;
    wfc_host host{sizeof(wfc_host),
                  0,
                  this,
                  "test",
                  "1",
                  [](const wfc_host* self, const char* id) noexcept -> const void* {
                      auto& test = *static_cast<Greet*>(self->ctx);
                      return test.has_log && std::strcmp(id, WFC_LOG) == 0 ? &test.log : nullptr;
                  }};
    std::shared_ptr<const wfc::Module> module;
    wfc::ComponentHandle component;
    std::string document;
};

TEST_F(Greet, SaysHello) {
    ASSERT_EQ(configure(R"({"greeting": "Hello"})"), WFC_OK);
    EXPECT_EQ(document, "");
    ASSERT_EQ(hello(R"({"name": "Alice"})"), WFC_OK);
    EXPECT_EQ(document, R"({"format":1,"outcome":"succeeded","text":"Hello, Alice!"})");
    EXPECT_THAT(logged, ::testing::ElementsAre("greet.said"));
}

TEST_F(Greet, CarriesEveryCharacterThrough) {
    ASSERT_EQ(configure(R"({"format":1,"greeting":"こんにちは\n\"\\"})"), WFC_OK);
    ASSERT_EQ(hello("\t{ \"name\" :\r\n\"\\u65e5\\ud83d\\uDCE7\xF0\x9F\x93\xA7\\/\" , \"format\": 1 } "),
              WFC_OK);
    EXPECT_EQ(json::parse(document).at("text"), "こんにちは\n\"\\, 日📧📧/!");
}

TEST_F(Greet, IsSilentWithoutALogOrWithOneThatIsOff) {
    ASSERT_EQ(configure(R"({"greeting":"x"})"), WFC_OK);
    log_enabled = false;
    EXPECT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    has_log = false;
    EXPECT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    has_log = log_enabled = true;
    log.struct_size = offsetof(wfc_log, write);
    EXPECT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    EXPECT_TRUE(logged.empty());
}

TEST_F(Greet, NeedsSettingsFirst) {
    EXPECT_EQ(hello(R"({"name":"y"})"), WFC_INVALID_SETTINGS);
    EXPECT_EQ(fault(), ": not configured");
}

TEST_F(Greet, KeepsItsSettingsWhenNewOnesAreWrong) {
    ASSERT_EQ(configure(R"({"greeting":"old"})"), WFC_OK);
    EXPECT_EQ(configure(R"({"greeting":7})"), WFC_INVALID_SETTINGS);
    EXPECT_EQ(fault(), "/greeting: the member must be a string");
    ASSERT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    EXPECT_EQ(json::parse(document).at("text"), "old, y!");
    ASSERT_EQ(configure(R"({"greeting":"new"})"), WFC_OK);
    ASSERT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    EXPECT_EQ(json::parse(document).at("text"), "new, y!");
}

TEST_F(Greet, RefusesBadInputAndSaysWhatIsWrong) {
    ASSERT_EQ(configure(R"({"greeting":"x"})"), WFC_OK);
    const std::pair<std::string, std::string> cases[] = {
        {"", ": the document is empty"},
        {"[]", ": the document must be an object"},
        {"{}", "/name: the member is missing"},
        {R"({"name":"a")", ": the document is not valid JSON"},
        {R"({"name":"a"} x)", ": the document is not valid JSON"},
        {R"({"name":"a",})", ": the document is not valid JSON"},
        {R"({"name" "a"})", ": the document is not valid JSON"},
        {R"({name:"a"})", ": the document is not valid JSON"},
        {R"({"name":"a","name":"b"})", "/name: the member stands twice"},
        {R"({"nmae":"a"})", ": the document has a member that is not known"},
        {R"({"name":null})", "/name: the member must be a string"},
        {R"({"format":2,"name":"a"})", "/format: /format must be 1"},
        {R"({"format":1,"format":1,"name":"a"})", "/format: /format stands twice"},
        {"{\"name\":\"\n\"}", ": the document is not valid JSON"},
        {std::string("{\"name\":\"\0\"}", 12), ": the document is not valid JSON"},
        {R"({"name":"\x"})", ": the document is not valid JSON"},
        {R"({"name":"\u12g4"})", ": the document is not valid JSON"},
        {R"({"name":"\u12)", ": the document is not valid JSON"},
        {R"({"name":"\udc00"})", ": the document is not valid JSON"},
        {R"({"name":"\ud800"})", ": the document is not valid JSON"},
        {R"({"name":"\ud800\u0041"})", ": the document is not valid JSON"},
        {R"({"name":"\)", ": the document is not valid JSON"},
        {"{\"name\":\"\xff\"}", ": the document is not valid JSON"},
        {"{\"name\":\"\xE6\x97\"}", ": the document is not valid JSON"},
        {"{\"name\":\"\xE0\x80\x80\"}", ": the document is not valid JSON"},
        {"{\"name\":\"\xF0\x80\x80\x80\"}", ": the document is not valid JSON"},
        {"{\"name\":\"\xED\xA0\x80\"}", ": the document is not valid JSON"},
        {"{\"name\":\"\xF4\x90\x80\x80\"}", ": the document is not valid JSON"},
        {"{\"name\":\"\xF0\x9F", ": the document is not valid JSON"},
        {"{\"name\":\"" + std::string(65536, 'a') + "\"}", ": the document is larger than 64 KiB"},
    };
    for (const auto& [input, expected] : cases) {
        EXPECT_EQ(hello(input), WFC_INVALID_INPUT) << input.substr(0, 60);
        EXPECT_EQ(fault(), expected) << input.substr(0, 60);
        if (input.size() < 65536 && input.find("format") == input.npos &&
            input.find("name\"") != input.npos && input.find("null") == input.npos &&
            input.find(",\"name") == input.npos) {
            EXPECT_FALSE(json::accept(input)) << input;  // the refusal is JSON's own rule
        }
    }
    const wfc_call call = [&] {
        wfc_call made = call_of("", "hello", document);
        made.input = {nullptr, 0};
        return made;
    }();
    document.clear();
    EXPECT_EQ(component.invoke(call), WFC_INVALID_INPUT);
    EXPECT_EQ(fault(), ": the document is empty");
}

TEST_F(Greet, KnowsOneOperation) {
    for (const std::string_view operation : {"hell", "hello ", "Hello", ""}) {
        EXPECT_EQ(hello("{}", operation), WFC_UNSUPPORTED);
        EXPECT_EQ(fault(), ": the only operation is hello");
    }
}

TEST_F(Greet, StopsWhenCancelled) {
    ASSERT_EQ(configure(R"({"greeting":"x"})"), WFC_OK);
    cancelled = true;
    EXPECT_EQ(hello(R"({"name":"y"})"), WFC_CANCELLED);
    EXPECT_EQ(json::parse(document).at("outcome"), "cancelled");
}

TEST_F(Greet, StopsWritingAtTheFirstByteTheSinkRefuses) {
    ASSERT_EQ(configure(R"({"greeting":"x"})"), WFC_OK);
    for (const std::string input : {R"({"name":"y"})", R"({"name":1})"}) {
        for (int good = 0; good < 5; ++good) {
            struct {
                int left;
                int refused;
            } sink{good, 0};
            wfc_call call = call_of(input, "hello", document);
            call.result = {&sink, [](void* ctx, wfc_view) noexcept -> wfc_status {
                               auto& state = *static_cast<decltype(sink)*>(ctx);
                               if (state.left-- > 0) return WFC_OK;
                               ++state.refused;
                               return WFC_UNAVAILABLE;
                           }};
            EXPECT_NE(component.invoke(call), WFC_OK);
            EXPECT_EQ(sink.refused, 1) << good;
        }
    }
    EXPECT_TRUE(logged.empty());
}

TEST_F(Greet, ServesManyThreadsAtOnce) {
    ASSERT_EQ(configure(R"({"greeting":"x"})"), WFC_OK);
    has_log = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 100; ++n) {
                std::string out;
                EXPECT_EQ(component.invoke(call_of(R"({"name":"y"})", "hello", out)), WFC_OK);
                EXPECT_EQ(out, R"({"format":1,"outcome":"succeeded","text":"x, y!"})");
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

TEST_F(Greet, MakesOnlyItsOwnTypeAndOnlyForAWholeHost) {
    wfc_component* made = nullptr;
    for (const std::string_view type : {"gree", "greet ", "Greet", ""}) {
        EXPECT_EQ(module->table().create(wfc::view(type), &host, &made), WFC_UNSUPPORTED);
        EXPECT_EQ(made, nullptr);
    }
    EXPECT_EQ(module->table().create(wfc::view("greet"), nullptr, &made), WFC_UNSUPPORTED);
    EXPECT_EQ(module->table().create(wfc::view("greet"), &host, nullptr), WFC_UNSUPPORTED);
    host.struct_size = offsetof(wfc_host, service);
    EXPECT_EQ(module->table().create(wfc::view("greet"), &host, &made), WFC_UNSUPPORTED);
    EXPECT_EQ(made, nullptr);
}

TEST_F(Greet, QuiescesAndHasNoExtension) {
    component.quiesce();
    EXPECT_EQ(component.extension("wfc.options/1"), nullptr);
}

TEST_F(Greet, ManyComponentsOfOneModuleKeepTheirOwnSettings) {
    wfc::ComponentHandle second = module->create(host);
    ASSERT_EQ(configure(R"({"greeting":"one"})"), WFC_OK);
    ASSERT_EQ(second.configure(R"({"greeting":"two"})", document), WFC_OK);
    ASSERT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    EXPECT_EQ(json::parse(document).at("text"), "one, y!");
    component = std::move(second);  // destroys the first
    ASSERT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    EXPECT_EQ(json::parse(document).at("text"), "two, y!");
}

TEST_F(Greet, KeepsItsLibraryAsLongAsAComponentLives) {
    ASSERT_EQ(configure(R"({"greeting":"x"})"), WFC_OK);
    module.reset();
    EXPECT_EQ(hello(R"({"name":"y"})"), WFC_OK);
    component.reset();
    EXPECT_FALSE(component);
}

}  // namespace
