/// Statements on the state file.
///
/// Guarantees: a statement is reset as soon as its run ends, so no reader holds a checkpoint up. One thread
/// at a time, and only while the connection lives.
#pragma once

#include <cstdint>
#include <string_view>

#include "host/state_database.hpp"

struct sqlite3_stmt;

namespace wfc {

/// Prepared once, run often. Throws DatabaseFailed.
class Statement {
  public:
    Statement(const Database& database, const char* sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    sqlite3_stmt* handle() const noexcept { return handle_; }

  private:
    sqlite3_stmt* handle_ = nullptr;
};

/// BEGIN and COMMIT of one connection, for its transactions.
struct TransactionStatements {
    explicit TransactionStatements(const Database& database)
        : begin(database, "BEGIN IMMEDIATE"), commit(database, "COMMIT") {}

    Statement begin, commit;
};

/// A change that is one: from its start no other writer is before it. What was not committed is undone when
/// it ends. Throws DatabaseFailed.
class Transaction {
  public:
    /// Both outlive it.
    Transaction(const Database& database, const TransactionStatements& statements);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

  private:
    const Database& database_;
    const TransactionStatements& statements_;
};

/// One run of a statement: parameters in order, then rows. Throws DatabaseFailed.
class Run {
  public:
    explicit Run(const Statement& statement) noexcept : statement_(statement.handle()) {}
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// `bytes` must stay until the run ends.
    Run& bind(std::string_view bytes);
    Run& bind(std::int64_t number);

    /// Whether there is a row. A write without another row is committed.
    bool row();
    /// Of the row; borrowed until the next one.
    std::string_view bytes(int column) const;
    std::int64_t number(int column) const;

  private:
    sqlite3_stmt* statement_;
    int bound_ = 0;
};

}  // namespace wfc
