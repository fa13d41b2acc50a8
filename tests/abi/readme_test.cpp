/// The example of sdk/README.md: what is printed is what is compiled, and it works.
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "loader/loader.hpp"
#include "wfc/stream.hpp"

namespace {

std::string content(const char* path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(SdkReadme, ShowsTheExampleThatIsCompiled) {
    const std::string readme = content(SOURCE_DIR "/sdk/README.md");
    const std::string example = content(SOURCE_DIR "/tests/abi/readme_example.cpp");
    ASSERT_FALSE(example.empty());
    EXPECT_NE(readme.find("```cpp\n" + example + "```\n"), std::string::npos);
}

TEST(SdkReadme, ShowsAComponentThatWorks) {
    const wfc_host host{
        sizeof(wfc_host), 0,   nullptr,
        "test",           "1", [](const wfc_host*, const char*) noexcept -> const void* { return nullptr; }};
    wfc::ComponentHandle component = wfc::load(BINARY_DIR "/tests/readme-example", {})->create(host);
    std::string document;
    ASSERT_EQ(component.configure(R"({"mark":"!!"})", document), WFC_OK);
    EXPECT_EQ(component.configure(R"({"mrak":"?"})", document), WFC_INVALID_SETTINGS);
    EXPECT_NE(document.find(R"(did you mean \"mark\"?)"), std::string::npos) << document;
    const auto shout = [&](std::string_view input) {
        document.clear();
        const wfc_call call{
            sizeof(wfc_call),
            0,
            nullptr,
            wfc::view("id"),
            wfc::view("shout"),
            wfc::view(input),
            0,
            wfc::append_to(document),
            [](const wfc_call*) noexcept -> int { return 0; },
            [](const wfc_call*, wfc_view, wfc_source*) noexcept -> wfc_status { return WFC_NOT_FOUND; },
            [](const wfc_call*, wfc_view, wfc_view, wfc_sink*) noexcept -> wfc_status { return WFC_DENIED; },
            [](const wfc_call*, wfc_view) noexcept {}};
        return component.invoke(call);
    };
    EXPECT_EQ(shout(R"({"text":"hello"})"), WFC_OK);
    EXPECT_EQ(document, R"({"format":1,"outcome":"succeeded","text":"hello!!"})");
    EXPECT_EQ(shout("{}"), WFC_INVALID_INPUT);
    EXPECT_EQ(document,
              R"({"format":1,"outcome":"failed","error":{"pointer":"/text","message":"/text is missing"}})");
}

}  // namespace
