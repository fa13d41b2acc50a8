#include "wfc/author.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

namespace {

/// What the component of this file does; set by each test.
struct Behaviour {
    std::function<void(std::string_view)> configure = [](std::string_view) {};
    std::function<wfc_status(wfc::Call&)> invoke = [](wfc::Call& call) {
        call.result("{}");
        return WFC_OK;
    };
    std::function<void()> quiesce = [] {};
    int destroyed = 0;
};
thread_local Behaviour* behaviour = nullptr;

class Scripted : public wfc::Component {
  public:
    explicit Scripted(const wfc_host*) {}
    ~Scripted() override { ++behaviour->destroyed; }
    void configure(std::string_view settings) override { behaviour->configure(settings); }
    wfc_status invoke(wfc::Call& call) override { return behaviour->invoke(call); }
    void quiesce() override { behaviour->quiesce(); }
};

class Unmakeable : public Scripted {
  public:
    explicit Unmakeable(const wfc_host* host) : Scripted(host) { throw std::runtime_error("no"); }
};

constexpr wfc::Type types[] = {wfc::type<Scripted>("scripted"), wfc::type<Unmakeable>("unmakeable")};

class Authoring : public ::testing::Test {
  protected:
    void SetUp() override {
        behaviour = &does;
        ASSERT_EQ(wfc::create(types, wfc::view("scripted"), &host, &component), WFC_OK);
    }
    void TearDown() override {
        if (component != nullptr) component->destroy(component);
    }

    wfc_status invoke() { return component->invoke(component, &call); }
    wfc_status configure() {
        return component->configure(component, wfc::view("{}"), wfc::append_to(document));
    }
    std::string message() const { return nlohmann::json::parse(document).at("error").at("message"); }

    Behaviour does;
    std::string document;
    wfc_host host{
        sizeof(wfc_host), 0,   nullptr,
        "test",           "1", [](const wfc_host*, const char*) noexcept -> const void* {
                      return nullptr; }};
    wfc_component* component = nullptr;
    wfc_call call{
        sizeof(wfc_call),
        0,
        nullptr,
        wfc::view("id"),
        wfc::view("op"),
        wfc::view("{}"),
        0,
        wfc::append_to(document),
        [](const wfc_call*) noexcept -> int { return 0; },
        [](const wfc_call*, wfc_view, wfc_source*) noexcept -> wfc_status { return WFC_UNSUPPORTED; },
        [](const wfc_call*, wfc_view, wfc_view, wfc_sink*) noexcept -> wfc_status { return WFC_DENIED; },
        [](const wfc_call*, wfc_view) noexcept {}};
};

TEST_F(Authoring, TurnsAProblemIntoItsStatusAndADocument) {
    does.configure = [](std::string_view) {
        throw wfc::Problem(WFC_INVALID_SETTINGS, "/a", "/a must \"be\" \x01");
    };
    EXPECT_EQ(configure(), WFC_INVALID_SETTINGS);
    const auto parsed = nlohmann::json::parse(document);
    EXPECT_EQ(parsed.at("outcome"), "failed");
    EXPECT_EQ(parsed.at("error").at("pointer"), "/a");
    EXPECT_EQ(parsed.at("error").at("message"), "/a must \"be\" \x01");

    document.clear();
    does.invoke = [](wfc::Call&) -> wfc_status { throw wfc::Problem(WFC_UNSUPPORTED, "", "no operation"); };
    EXPECT_EQ(invoke(), WFC_UNSUPPORTED);
    EXPECT_EQ(nlohmann::json::parse(document).at("error").count("pointer"), 0u);
    EXPECT_EQ(message(), "no operation");
}

TEST_F(Authoring, TurnsAnUnexpectedExceptionIntoAnInternalErrorWithADocument) {
    does.invoke = [](wfc::Call&) -> wfc_status { throw std::out_of_range("index \xff"); };
    EXPECT_EQ(invoke(), WFC_INTERNAL);
    EXPECT_EQ(message(), "a defect of the component: index \xEF\xBF\xBD");
}

TEST_F(Authoring, TurnsEvenWhatIsNoExceptionIntoADocument) {
    does.invoke = [](wfc::Call&) -> wfc_status { throw 7; };
    EXPECT_EQ(invoke(), WFC_INTERNAL);
    EXPECT_EQ(message(), "a defect of the component");
}

TEST_F(Authoring, AFailureOfTheHostIsNoDefectOfTheComponent) {
    does.invoke = [](wfc::Call& at) -> wfc_status {
        at.open_blob("chart");
        return WFC_OK;
    };
    EXPECT_EQ(invoke(), WFC_FAILED);
    EXPECT_EQ(message(), "the host has no such blob");

    document.clear();
    does.invoke = [](wfc::Call&) -> wfc_status {
        throw wfc::ServiceFailed(WFC_DENIED, "the host could not open the file");
    };
    EXPECT_EQ(invoke(), WFC_FAILED);
    EXPECT_EQ(message(), "the host could not open the file");
}

TEST_F(Authoring, AnOperationThatWritesNoDocumentIsADefect) {
    does.invoke = [](wfc::Call&) { return WFC_OK; };
    EXPECT_EQ(invoke(), WFC_INTERNAL);
    EXPECT_EQ(message(), "a defect of the component: the operation wrote no result document");
}

TEST_F(Authoring, WritesExactlyOneDocument) {
    does.invoke = [](wfc::Call& at) -> wfc_status {
        at.result(R"({"first":1})");
        at.result(R"({"second":2})");
        throw std::runtime_error("after the result");
    };
    EXPECT_EQ(invoke(), WFC_INTERNAL);
    EXPECT_EQ(document, R"({"first":1})");
}

TEST_F(Authoring, ASinkThatFailsIsReportedByTheStatusAlone) {
    static int writes = 0;
    writes = 0;
    call.result = {nullptr, [](void*, wfc_view) noexcept -> wfc_status {
                       ++writes;
                       return WFC_UNAVAILABLE;
                   }};
    EXPECT_EQ(invoke(), WFC_FAILED);
    EXPECT_EQ(writes, 1);

    does.configure = [](std::string_view) { throw wfc::Problem(WFC_INVALID_SETTINGS, "", "x"); };
    EXPECT_EQ(component->configure(component, wfc::view("{}"), call.result), WFC_INVALID_SETTINGS);
    EXPECT_EQ(writes, 2);
}

TEST_F(Authoring, QuiesceMayThrowWithoutEndingTheHost) {
    does.quiesce = [] { throw std::runtime_error("x"); };
    component->quiesce(component);
}

TEST_F(Authoring, DestroyEndsTheComponent) {
    component->destroy(component);
    component = nullptr;
    EXPECT_EQ(does.destroyed, 1);
}

TEST_F(Authoring, RefusesATruncatedHost) {
    wfc_component* made = component;
    for (const std::size_t size : {std::size_t{0}, std::size_t{8}, offsetof(wfc_host, service)}) {
        host.struct_size = static_cast<std::uint32_t>(size);
        EXPECT_EQ(wfc::create(types, wfc::view("scripted"), &host, &made), WFC_UNSUPPORTED);
        EXPECT_EQ(made, nullptr);
    }
}

TEST_F(Authoring, TakesAHostOfALaterMinor) {
    host.struct_size = sizeof(wfc_host) + 128;
    wfc_component* made = nullptr;
    ASSERT_EQ(wfc::create(types, wfc::view("scripted"), &host, &made), WFC_OK);
    made->destroy(made);
}

TEST_F(Authoring, RefusesATruncatedCall) {
    call.struct_size = static_cast<std::uint32_t>(offsetof(wfc_call, progress));
    EXPECT_EQ(invoke(), WFC_UNSUPPORTED);
    EXPECT_EQ(component->invoke(component, nullptr), WFC_UNSUPPORTED);
    EXPECT_EQ(document, "");
}

TEST_F(Authoring, RefusesAnUnknownTypeAndLeavesNothingBehind) {
    wfc_component* made = component;
    for (const std::string_view id :
         {std::string_view("other"), std::string_view("scripted "), std::string_view("scripted\0", 9),
          std::string_view("Scripted"), std::string_view()}) {
        made = component;
        EXPECT_EQ(wfc::create(types, wfc::view(id), &host, &made), WFC_UNSUPPORTED);
        EXPECT_EQ(made, nullptr);
    }
    EXPECT_EQ(wfc::create(types, wfc::view("scripted"), &host, nullptr), WFC_UNSUPPORTED);
    EXPECT_EQ(wfc::create(types, wfc::view("scripted"), nullptr, &made), WFC_UNSUPPORTED);
    EXPECT_EQ(wfc::create(types, wfc::view("unmakeable"), &host, &made), WFC_INTERNAL);
    EXPECT_EQ(made, nullptr);
}

TEST_F(Authoring, HasNoExtensionUnlessItSaysSo) {
    EXPECT_EQ(component->extension(component, "wfc.options/1"), nullptr);
    EXPECT_EQ(component->extension(component, nullptr), nullptr);
}

TEST_F(Authoring, ACallShowsWhatTheHostGave) {
    does.invoke = [](wfc::Call& at) {
        EXPECT_EQ(at.id(), "id");
        EXPECT_EQ(at.operation(), "op");
        EXPECT_EQ(at.input(), "{}");
        EXPECT_EQ(at.deadline_ms(), 0u);
        EXPECT_FALSE(at.cancelled());
        EXPECT_THROW(at.emit_blob("x", "text/plain"), wfc::StreamFailed);
        at.progress("{}");
        at.result("{}");
        return WFC_OK;
    };
    EXPECT_EQ(invoke(), WFC_OK);
}

TEST(QuotedText, IsAlwaysOneValidJsonString) {
    for (const std::string text :
         {"plain", "日本語", "\xF0\x9F\x93\xA7", "q\"b\\", "\r\n\t\x1f", "\xff", "\xC0\x80", "\xED\xA0\x80",
          "\xE6\x97", "\xF5\x80\x80\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80", "a\xE6"}) {
        EXPECT_TRUE(nlohmann::json::accept(wfc::Component::quoted(text))) << text;
    }
    EXPECT_EQ(nlohmann::json::parse(wfc::Component::quoted("日\"\n")), "日\"\n");
    EXPECT_EQ(nlohmann::json::parse(wfc::Component::quoted(std::string_view("a\0b", 3))),
              std::string("a\0b", 3));
    EXPECT_EQ(nlohmann::json::parse(wfc::Component::quoted("\xE6\x97x")), "\xEF\xBF\xBD\xEF\xBF\xBDx");
}

}  // namespace
