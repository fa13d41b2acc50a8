#include "host/state_statement.hpp"

#include <sqlite3.h>

namespace wfc {

Statement::Statement(const Database& database, const char* sql) {
    const int code =
        sqlite3_prepare_v3(database.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (code != SQLITE_OK) throw DatabaseFailed{code};
}

Statement::~Statement() {
    sqlite3_finalize(handle_);
}

Transaction::Transaction(const Database& database, const TransactionStatements& statements)
    : database_(database), statements_(statements) {
    Run(statements_.begin).row();
}

Transaction::~Transaction() {
    if (sqlite3_get_autocommit(database_.handle()) == 0)
        sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    Run(statements_.commit).row();
}

Run::~Run() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Run& Run::bind(std::string_view bytes) {
    const char* data = bytes.empty() ? "" : bytes.data();  // null would be NULL
    const int code = sqlite3_bind_blob64(statement_, ++bound_, data, bytes.size(), SQLITE_STATIC);
    if (code != SQLITE_OK) throw DatabaseFailed{code};
    return *this;
}

Run& Run::bind(std::int64_t number) {
    if (const int code = sqlite3_bind_int64(statement_, ++bound_, number); code != SQLITE_OK) {
        throw DatabaseFailed{code};
    }
    return *this;
}

bool Run::row() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) throw DatabaseFailed{code};
    return code == SQLITE_ROW;
}

std::string_view Run::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? std::string_view{} : std::string_view(data, static_cast<std::size_t>(size));
}

std::int64_t Run::number(int column) const {
    return sqlite3_column_int64(statement_, column);
}

}  // namespace wfc
