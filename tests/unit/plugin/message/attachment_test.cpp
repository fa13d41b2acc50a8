#include "message/attachment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/plugin/message/memory_source.hpp"
#include "wfc/problem.hpp"

namespace mailsend {
namespace {

AttachmentSpec reversed() {
    AttachmentSpec spec;
    spec.path =
        "reports/a\xE2\x80\xAE"
        "fdp.exe";
    spec.pointer = "/attachments/0";
    return spec;
}

std::vector<Attachment> opened(const AttachmentSpec& spec) {
    return open_attachments({spec}, [](const AttachmentSpec&) { return test::open(test::script("x")); });
}

TEST(AttachmentNames, ThatMisleadAreNotTakenFromPaths) {
    AttachmentSpec spec = reversed();
    try {
        opened(spec);
        FAIL() << "was accepted";
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.pointer(), "/attachments/0/path");
        EXPECT_THAT(problem.what(), testing::EndsWith("; give a name"));
    }
    spec.name = "a.pdf";
    EXPECT_EQ(opened(spec).at(0).name, "a.pdf");
}

TEST(AttachmentFaults, NameTheTemplateThatMadeThem) {
    AttachmentSpec spec = reversed();
    spec.rendered_from = "/templates/T/attachments/0";
    try {
        opened(spec);
        FAIL() << "was accepted";
    } catch (const wfc::Problem& problem) {
        EXPECT_EQ(problem.pointer(), "/attachments/0/path");
        EXPECT_THAT(problem.what(), testing::EndsWith(" (rendered from /templates/T/attachments/0)"));
    }
}

}  // namespace
}  // namespace mailsend
