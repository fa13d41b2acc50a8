#include "serve/turns.hpp"

#include <gmock/gmock.h>

namespace wfc::serve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Work begins when it is started, and ends when the test says so.
class Course : public testing::Test {
  protected:
    void enter(std::uint64_t key, Turn turn) {
        turns.enter(key, turn, [this, key] { ended.push_back(key); });
    }
    /// The keys are not known to who starts work: it is told by the order.
    std::size_t running() const { return started.size(); }
    void end_first() {
        const Turns::Work work = std::move(started.front());
        started.erase(started.begin());
        work();
    }

    std::vector<Turns::Work> started{};
    std::vector<std::uint64_t> ended{};
    Turns turns{[this](Turns::Work work) { started.push_back(std::move(work)); }};
};

TEST_F(Course, SharedWorkBeginsSideBySide) {
    enter(1, Turn::shared);
    enter(2, Turn::shared);
    EXPECT_EQ(running(), 2u);
    EXPECT_FALSE(turns.idle());
    end_first();
    end_first();
    EXPECT_THAT(ended, ElementsAre(1, 2));
    EXPECT_TRUE(turns.idle());
}

TEST_F(Course, WorkThatIsAloneWaitsAndIsWaitedFor) {
    enter(1, Turn::shared);
    enter(2, Turn::alone);
    enter(3, Turn::shared);
    EXPECT_EQ(running(), 1u) << "shared work does not pass one that waits";
    end_first();
    EXPECT_EQ(running(), 1u);
    end_first();
    EXPECT_THAT(ended, ElementsAre(1, 2));
    EXPECT_EQ(running(), 1u);
    end_first();
    EXPECT_THAT(ended, ElementsAre(1, 2, 3));
}

TEST_F(Course, WorkThatWaitsCanBeWithdrawn) {
    enter(1, Turn::alone);
    enter(2, Turn::alone);
    enter(3, Turn::shared);
    EXPECT_FALSE(turns.withdraw(1)) << "it runs";
    EXPECT_TRUE(turns.withdraw(2));
    EXPECT_FALSE(turns.withdraw(2));
    EXPECT_FALSE(turns.withdraw(0));
    end_first();
    end_first();
    EXPECT_THAT(ended, ElementsAre(1, 3));
}

TEST_F(Course, WithdrawingTheFirstLetsTheNextBegin) {
    enter(1, Turn::shared);
    enter(2, Turn::alone);
    enter(3, Turn::shared);
    EXPECT_TRUE(turns.withdraw(2));
    EXPECT_EQ(running(), 2u) << "1 and 3 may share";
    end_first();
    end_first();
}

TEST_F(Course, WorkLivesNoLongerThanItRuns) {
    const auto held = std::make_shared<int>(1);
    turns.enter(1, Turn::alone, [held] {});
    turns.enter(2, Turn::alone, [held] {});
    EXPECT_TRUE(turns.withdraw(2));
    end_first();
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_THAT(started, IsEmpty());
}

}  // namespace
}  // namespace wfc::serve
