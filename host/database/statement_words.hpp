#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ktx::database {

/// Whether the statement begins, after white space and comments, with SELECT or WITH. Only a first defence:
/// the database is opened read-only too.
bool is_select(std::string_view sql);

/// Whether nothing but white space, comments and semicolons is left.
bool is_blank(std::string_view sql);

/// ", which begins with `DELETE`", of the next statement after white space, comments and semicolons; empty
/// when that begins with no word.
std::string beginning_of(std::string_view sql);

/// Wraps the statement, which must not end in a semicolon, so that it returns at most `max_rows` rows.
std::string limit_rows(std::string_view sql, std::int64_t max_rows);

}  // namespace ktx::database
