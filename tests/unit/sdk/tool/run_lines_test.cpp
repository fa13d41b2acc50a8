#include "tool/run_lines.hpp"

#include <algorithm>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unistd.h>

#include "tool/run_steps.hpp"

namespace wfc::tool {
namespace {

using nlohmann::json;

TEST(DurationText, IsShortAndPrecise) {
    EXPECT_EQ("0 ms", duration_text(0));
    EXPECT_EQ("999 ms", duration_text(999));
    EXPECT_EQ("1.5 s", duration_text(1500));
    EXPECT_EQ("12 s", duration_text(12'999));
    EXPECT_EQ("5 min", duration_text(300'000));
    EXPECT_EQ("22 h 14 min", duration_text((22 * 60 + 14) * 60'000));
    EXPECT_EQ("3 d 2 h", duration_text((3 * 24 + 2) * 3'600'000));
}

std::string said(bool as_json, const flow::Event& event) {
    testing::internal::CaptureStdout();
    RunLines(as_json).happened(event);
    return testing::internal::GetCapturedStdout();
}

flow::Event of(flow::Event::Kind kind, int times) {
    flow::Event event{kind, "f"};
    for (int i = 1; i <= times; ++i) event.times.add(i * 60'000);
    return event;
}

TEST(RunLines, NameEachTimeUpToTenAndCountMore) {
    flow::Event ten = of(flow::Event::Kind::missed, 10);
    EXPECT_THAT(said(false, ten), testing::HasSubstr("1970-01-01T00:07:00Z"));
    const json few = json::parse(said(true, ten));
    EXPECT_EQ(10u, few["times"].size());
    EXPECT_EQ(10, few["count"]);
    const flow::Event eleven = of(flow::Event::Kind::missed, 11);
    EXPECT_THAT(
        said(false, eleven),
        testing::HasSubstr("missed 11 runs from 1970-01-01T00:01:00Z to 1970-01-01T00:11:00Z: not run"));
    const json many = json::parse(said(true, eleven));
    EXPECT_EQ(0u, many["times"].size());
    EXPECT_EQ("1970-01-01T00:11:00Z", many["last"]);
}

TEST(RunLines, CutAMessageAfterTwoHundredCharactersAndEscapeIt) {
    flow::Event step = of(flow::Event::Kind::step, 1);
    step.step = "mail";
    step.outcome = "failed";
    step.message = "\x1b[31m";
    for (int i = 0; i < 300; ++i) step.message += "日";
    const std::string text = said(false, step);
    EXPECT_EQ(std::string::npos, text.find('\x1b'));
    EXPECT_EQ(1, std::count(text.begin(), text.end(), '\n'));
    std::string expected = "\x1b[31m";
    for (int i = 0; i < 195; ++i) expected += "日";
    EXPECT_EQ(expected + "…", json::parse(said(true, step))["message"]);
}

TEST(RunLines, AreValidJsonWhateverAMessageHolds) {
    flow::Event trouble = of(flow::Event::Kind::trouble, 0);
    trouble.message = "\xff\xfe \n";
    EXPECT_EQ("trouble", json::parse(said(true, trouble))["event"]);
}

struct Pipe {
    Pipe() {
        if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    }
    void narrow() const { fcntl(ends[1], F_SETPIPE_SZ, 4096); }
    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }
    /// Everything up to the first line that is `last`.
    std::string read_to(const std::string& last) {
        std::string all;
        char some[4096];
        while (all.size() < last.size() + 1 ||
               all.compare(all.size() - last.size() - 1, last.size(), last) != 0) {
            const ssize_t n = read(ends[0], some, sizeof some);
            if (n <= 0) break;
            all.append(some, static_cast<std::size_t>(n));
        }
        return all;
    }
    int ends[2];
};

std::string dropped(std::size_t count) {
    return std::to_string(count) + " dropped";
}

TEST(LineWriter, NeverWaitsAndSaysHowManyLinesAreMissing) {
    Pipe pipe;
    pipe.narrow();
    LineWriter writer(pipe.ends[1], dropped);
    const std::string line(1000, 'x');
    for (int i = 0; i < 5000; ++i) writer.write(line);  // more than the pipe and the queue take
    std::size_t whole = 0, missing = 0;
    std::istringstream all([&] {
        std::string text;
        char some[4096];
        while (text.find(" dropped\n") == std::string::npos) {
            const ssize_t n = read(pipe.ends[0], some, sizeof some);
            if (n <= 0) break;
            text.append(some, static_cast<std::size_t>(n));
        }
        return text;
    }());
    for (std::string one; std::getline(all, one);) {
        if (one == line) {
            ++whole;
        } else {
            missing += std::stoul(one);
        }
    }
    EXPECT_EQ(5000u, whole + missing);
    EXPECT_LT(1000u, missing);
    writer.write("later");
    EXPECT_EQ("later\n", pipe.read_to("later"));
}

TEST(LineWriter, WritesWhatIsLeftWhenItEnds) {
    Pipe pipe;
    {
        LineWriter writer(pipe.ends[1], dropped);
        writer.write("one");
        writer.write("two");
    }
    EXPECT_EQ("one\ntwo\n", pipe.read_to("two"));
}

TEST(LineWriter, KeepsLinesWholeWhereWritesDoNotBlock) {
    Pipe pipe;
    pipe.narrow();
    fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK);
    LineWriter writer(pipe.ends[1], dropped);
    const std::string line(3000, 'x');
    for (int i = 0; i < 10; ++i) writer.write(line);
    writer.write("end");
    EXPECT_EQ(10u * 3001 + 4, pipe.read_to("end").size());
}

TEST(LineWriter, DoesNotWaitForAStuckReaderAtTheEnd) {
    int ends[2];
    ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
    {
        LineWriter writer(ends[1], dropped);
        for (int i = 0; i < 1000; ++i) writer.write(std::string(1000, 'x'));
    }
    // Its thread ends as nobody reads any more; the other end stays open, for the thread may just be using
    // it.
    EXPECT_EQ(0, close(ends[0]));
}

TEST(StepInput, GetsPayloadAndMarkWhereTheSchemaHasThem) {
    EXPECT_EQ(json::parse(R"({"a":1,"payload":[2],"render":true})"),
              json::parse(step_input(R"({"a":1})", {"a", "payload", "render"}, "[2]")));
    EXPECT_EQ(R"({"a":1})", step_input(R"({"a":1})", {"a"}, "[2]"));
    EXPECT_EQ(R"({"a":1})", step_input(R"({"a":1})", {"a", "payload"}, ""));
    EXPECT_EQ(json::parse(R"({"payload":1,"render":true})"),
              json::parse(step_input(R"({"payload":1,"render":false})", {"payload", "render"}, "2")))
        << "its own payload comes first";
}

}  // namespace
}  // namespace wfc::tool
