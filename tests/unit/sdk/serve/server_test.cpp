#include "serve/server.hpp"

#include <algorithm>
#include <atomic>
#include <gmock/gmock.h>
#include <thread>

#include "surroundings.hpp"

namespace wfc::serve {
namespace {

using nlohmann::json;

/// A server that is told all lines at once, and then no more.
class AServer : public testing::Test {
  protected:
    std::vector<json> said_to(const std::vector<std::string>& lines) {
        test::Pipe input;
        {
            Server server({host.components, 4, "1.2.3"}, host.around(), host.folder, [this] { left = true; });
            std::thread running([&] { server.run(input.out.get()); });
            for (const std::string& line : lines) input.write(line + "\n");
            input.in.reset();
            running.join();
        }
        return host.lines();
    }
    static const json& answer(const std::vector<json>& lines, int id) {
        for (const json& line : lines) {
            if (line.value("id", 0) == id && line["type"] != "progress") return line;
        }
        throw std::out_of_range("no answer to " + std::to_string(id));
    }

    test::InAFolder host;
    std::atomic<bool> left{false};
    const std::string hello = R"({"id":1,"type":"hello","protocol":1})";
    const std::string load = R"({"id":2,"type":"load","component":"p","of":"probe"})";
    const std::string configure = R"({"id":3,"type":"configure","component":"p","settings":{}})";
};

TEST_F(AServer, AnswersEachRequestOnce) {
    const auto lines = said_to({hello, load, configure,
                                R"({"id":4,"type":"invoke","component":"p","operation":"ask","input":{}})",
                                R"({"id":5,"type":"unload","component":"p"})"});
    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(answer(lines, 1)["host"]["version"], "1.2.3");
    EXPECT_EQ(answer(lines, 1)["limits"]["calls"], 4);
    EXPECT_EQ(answer(lines, 3)["status"], "ok");
    EXPECT_EQ(answer(lines, 4)["status"], "ok");
    EXPECT_EQ(answer(lines, 5)["type"], "unloaded");
    EXPECT_FALSE(left);
}

TEST_F(AServer, LivesOnAfterAWrongLine) {
    const auto lines = said_to({"", hello, "{", R"({"id":2,"type":"bye"})", hello, load});
    ASSERT_EQ(lines.size(), 6u);
    for (const int wrong : {0, 2, 3, 4}) EXPECT_EQ(lines[static_cast<std::size_t>(wrong)]["type"], "error");
    EXPECT_EQ(lines[3]["id"], 2);
    EXPECT_EQ(lines[4]["error"]["id"], "stale-id");
    EXPECT_FALSE(lines[4].contains("id")) << "that is the id of another request";
    EXPECT_EQ(lines[5]["type"], "loaded") << "a line that was not understood uses no id";
}

TEST_F(AServer, LetsACallFinishAtTheEndOfItsInput) {
    const auto lines = said_to(
        {hello, load, configure,
         R"({"id":4,"type":"invoke","component":"p","operation":"slow_emit","input":{},"save":["out"]})"});
    EXPECT_EQ(answer(lines, 4)["blobs"]["out"]["bytes"], 7);
}

TEST_F(AServer, CancelsACall) {
    const auto lines = said_to({hello, load, configure,
                                R"({"id":4,"type":"invoke","component":"p","operation":"wait","input":{}})",
                                R"({"id":5,"type":"cancel","of":4})", R"({"id":6,"type":"cancel","of":77})"});
    EXPECT_EQ(answer(lines, 4)["status"], "cancelled");
    EXPECT_EQ(answer(lines, 5)["known"], true);
    EXPECT_EQ(answer(lines, 6)["known"], false);
}

TEST_F(AServer, SaysWhatIsMissingWhenItIsGivenUp) {
    const test::Pipe input;
    Server server({host.components, 4, "1"}, host.around(), host.folder, [] {});
    std::thread running([&] { server.run(input.out.get()); });
    for (const std::string& line :
         {hello, load, configure,
          std::string(R"({"id":4,"type":"invoke","component":"p","operation":"slow_emit","input":{}})"),
          std::string(R"({"id":5,"type":"configure","component":"p","settings":{}})"),
          std::string(R"({"id":6,"type":"release","of":1})")})
        input.write(line + "\n");
    const auto said = [&] {
        char bytes[65536];
        return std::string(bytes, static_cast<std::size_t>(::read(host.pipe.out.get(), bytes, sizeof bytes)));
    };
    for (std::string all; all.find("released") == all.npos || all.find("waiting") == all.npos;) all += said();
    server.give_up();
    server.stop();
    running.join();
    const auto lines = host.lines();
    EXPECT_EQ(answer(lines, 4)["document"]["error"]["id"], "host.ended");
    EXPECT_EQ(answer(lines, 5)["error"]["id"], "ended");
    EXPECT_EQ(
        std::count_if(lines.begin(), lines.end(), [](const json& line) { return line.value("id", 0) >= 4; }),
        2);
}

TEST_F(AServer, EndsWhenItIsStopped) {
    const test::Pipe input;
    Server server({host.components, 4, "1"}, host.around(), host.folder, [] {});
    std::thread running([&] { server.run(input.out.get()); });
    server.stop();
    running.join();
}

}  // namespace
}  // namespace wfc::serve
