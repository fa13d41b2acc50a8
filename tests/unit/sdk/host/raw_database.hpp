/// Another program at the state file: SQL from outside the store.
#pragma once

#include <filesystem>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <string>

namespace wfc::test {

class RawDatabase {
  public:
    explicit RawDatabase(const std::filesystem::path& file) {
        EXPECT_EQ(sqlite3_open(file.c_str(), &handle_), SQLITE_OK);
        sqlite3_busy_timeout(handle_, 5000);
    }
    ~RawDatabase() { sqlite3_close(handle_); }
    RawDatabase(const RawDatabase&) = delete;
    RawDatabase& operator=(const RawDatabase&) = delete;

    /// The last column of the last row, or nothing.
    std::string run(const std::string& sql) {
        std::string out;
        const auto keep = [](void* into, int columns, char** values, char**) {
            if (values[columns - 1] != nullptr) *static_cast<std::string*>(into) = values[columns - 1];
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(handle_, sql.c_str(), keep, &out, nullptr), SQLITE_OK)
            << sqlite3_errmsg(handle_) << "\n"
            << sql;
        return out;
    }

  private:
    sqlite3* handle_ = nullptr;
};

}  // namespace wfc::test
