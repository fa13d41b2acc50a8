#include "serve/line_writer.hpp"

#include <csignal>
#include <gmock/gmock.h>
#include <set>
#include <thread>

#include "host/hygiene.hpp"
#include "pipe.hpp"

namespace wfc::serve {
namespace {

TEST(ServeLineWriter, WritesWholeLinesOfManyThreads) {
    test::Pipe pipe(O_NONBLOCK);
    const int flags = fcntl(pipe.out.get(), F_GETFL);
    ASSERT_EQ(fcntl(pipe.out.get(), F_SETFL, flags & ~O_NONBLOCK), 0);
    LineWriter writer(pipe.in.get());
    const std::string long_text(20'000, 'x');
    std::vector<std::thread> threads;
    for (char name = 'a'; name < 'e'; ++name) {
        threads.emplace_back([&, name] {
            for (int i = 0; i < 50; ++i) writer.write("\"" + std::string(1, name) + long_text + "\"");
        });
    }
    std::vector<nlohmann::json> lines;
    std::thread reader([&] {
        std::string all;
        char chunk[65536];
        while (std::count(all.begin(), all.end(), '\n') < 200) {
            const ssize_t n = ::read(pipe.out.get(), chunk, sizeof chunk);
            if (n <= 0) break;
            all.append(chunk, static_cast<std::size_t>(n));
        }
        for (std::size_t from = 0, end = 0; (end = all.find('\n', from)) != all.npos; from = end + 1)
            lines.push_back(nlohmann::json::parse(all.substr(from, end - from)));
    });
    for (std::thread& thread : threads) thread.join();
    reader.join();
    ASSERT_EQ(lines.size(), 200u);
    for (const auto& line : lines) EXPECT_EQ(line.get<std::string>().size(), long_text.size() + 1);
    EXPECT_FALSE(writer.gone());
}

TEST(ServeLineWriter, SeesThatNobodyReadsAnyMore) {
    ignore_sigpipe();
    test::Pipe pipe;
    LineWriter writer(pipe.in.get());
    EXPECT_FALSE(writer.gone());
    pipe.out.reset();
    EXPECT_TRUE(writer.gone()) << "also where nothing was written";
    writer.write("dropped");
    EXPECT_TRUE(writer.gone());
}

TEST(ServeLineWriter, DoesNotWaitForAReader) {
    test::Pipe pipe;
    LineWriter writer(pipe.in.get());
    EXPECT_TRUE(writer.has_room());
    for (int i = 0; i < 3; ++i) writer.write(std::string(LineWriter::room, 'x'));
    EXPECT_FALSE(writer.has_room());
    EXPECT_FALSE(writer.flush(std::chrono::milliseconds(1)));
    std::thread reader([&] {
        char chunk[65536];
        while (!writer.flush(std::chrono::milliseconds(0))) {
            if (::read(pipe.out.get(), chunk, sizeof chunk) <= 0) break;
        }
    });
    writer.await_room();
    EXPECT_TRUE(writer.has_room());
    EXPECT_TRUE(writer.flush(std::chrono::minutes(1)));
    writer.write("the last");  // nobody reads it, and there is space for it in the pipe
    reader.join();
}

TEST(ServeLineWriter, WhoWaitsForRoomIsToldThatNobodyReadsAnyMore) {
    ignore_sigpipe();
    test::Pipe pipe;
    LineWriter writer(pipe.in.get());
    writer.write(std::string(2 * LineWriter::room, 'x'));
    std::thread waits([&] { writer.await_room(); });
    pipe.out.reset();
    waits.join();
    EXPECT_TRUE(writer.gone());
}

TEST(ServeLineWriter, IsNotGoneWhereItWritesIntoAFile) {
    const FileDescriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    LineWriter writer(null.get());
    writer.write("line");
    EXPECT_TRUE(writer.flush(std::chrono::minutes(1)));
    EXPECT_FALSE(writer.gone());
}

}  // namespace
}  // namespace wfc::serve
