#include "panel/markup.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace {

using wfc::panel::html;
using wfc::panel::key_part;
using wfc::panel::script;

TEST(Markup, TextCannotLeaveItsElementOrItsAttribute) {
    EXPECT_EQ(html(R"(<b title="x" id='y'>&)"), "&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
    EXPECT_EQ(html("送信"), "送信");
}

TEST(Markup, NothingInAScriptsValueEndsTheScript) {
    EXPECT_EQ(script("</script><!-- \u2028 \"x\""), R"js("\u003c/script>\u003c!-- \u2028 \"x\"")js");
    EXPECT_EQ(script({{"a", {1, true, nullptr}}}), R"({"a":[1,true,null]})");
}

TEST(Markup, AStepOfAKeyHoldsNothingThatSplitsKeys) {
    EXPECT_EQ(key_part("1.2"), "1_2");
    EXPECT_EQ(key_part("a:b;c[d]"), "a_b_c_d_");
    EXPECT_EQ(key_part("/auth/client-id_2"), "/auth/client-id_2");
}

}  // namespace
