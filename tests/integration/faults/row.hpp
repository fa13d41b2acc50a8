/// One row of the fault matrix: what became of a cell, tried out in three ways.
///
/// Guarantees: the text of a row says everything that is compared, and nothing that differs from run to run.
#pragma once

#include <string>
#include <vector>

#include "faults/trial.hpp"

namespace faults {

/// Tries a cell out: with one try, and the same call again when the server is well; with three tries, all of
/// which fail; with three tries of which the first fails.
struct Row {
    Cell cell;
    Trial one, all_fail, first_fails;
};

Row try_row(const Cell& cell, const Surroundings& with);

/// A row of the table, without line end.
std::string to_text(const Row& row, const Surroundings& with);

/// What the table consists of besides its rows: what it shows, and the heads of its columns.
std::string head_of_table();

/// What no row may ever say, however busy the machine: that a message was handed over twice, was told as sent
/// and was not, or was sent and told as failed. Sentences; none when all is well.
std::vector<std::string> broken_promises(const Row& row);

/// What no row may say as long as the time-outs that are not the cell's own did not pass: an unknown outcome
/// where the end of data was answered or never begun, a second try behind it, a key that stays taken although
/// nothing was sent. Sentences; none when all is well.
std::vector<std::string> wrong_outcomes(const Row& row);

}  // namespace faults
