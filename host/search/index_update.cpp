#include <algorithm>
#include <utility>

#include "index.hpp"
#include "ktx/util/digest.hpp"

namespace ktx::search {
namespace {

using Key = std::pair<std::string, std::string>;  // connection and name

// What the index knows of a source already.
struct IndexedSource {
  std::string text_hash;
  std::string values_hash;
  std::string database_stamp;
};

// What is to be written of a source.
struct Change {
  const Document* document = nullptr;
  bool text = false;
  bool values = false;
  IndexedSource state;  ///< after the change
  std::vector<ColumnValue> column_values;
  std::string note;
};

std::map<Key, IndexedSource> indexed_sources(const SqliteConnection& database,
                                             const std::optional<std::string>& only) {
  SqliteStatement rows = database.prepare(
      "SELECT connection_id, name, text_hash, values_hash, database_stamp FROM local_sl_sources WHERE " +
      std::string(in_scope));
  rows.bind(1, only.value_or(""));
  std::map<Key, IndexedSource> sources;
  while (rows.step()) {
    sources.emplace(Key(rows.text(0), rows.text(1)), IndexedSource{rows.text(2), rows.text(3), rows.text(4)});
  }
  return sources;
}

// A hash of texts, each with its length, so that ("a", "bc") differs from ("ab", "c").
std::string hash_of(const std::vector<std::string>& parts) {
  std::string bytes;
  for (const std::string& part : parts) bytes += std::to_string(part.size()) + ":" + part;
  return hex(sha256(bytes));
}

// A hash of everything that decides which values a source has and where they are read.
std::string values_hash_of(const Document& document, bool read) {
  std::vector<std::string> parts = {read ? "read" : "listed"};
  for (const ColumnValue& value : document.enum_values) {
    parts.push_back(value.column);
    parts.push_back(value.value);
  }
  if (read) {
    parts.push_back(document.relation);
    parts.insert(parts.end(), document.text_columns.begin(), document.text_columns.end());
  }
  return hash_of(parts);
}

// Fills in the values of a source: those that it lists, and those in its database. If the database cannot be
// read, earlier values of the same columns stay.
void find_values(Change& change, const IndexedSource* known, DatabaseValues& reader) {
  const Document& document = *change.document;
  change.state.values_hash = values_hash_of(document, reader.are_wanted());
  const bool same = known != nullptr && known->values_hash == change.state.values_hash;
  if (reader.are_wanted()) {
    if (same && reader.stamp() == known->database_stamp) return;
    auto read = reader.stamp() ? reader.read(document) : std::nullopt;
    // Not readable now, but the columns are the same: the earlier values stay.
    if (!read && same) return;
    if (read) {
      change.state.database_stamp = *reader.stamp();
      change.column_values = std::move(read->values);
      change.note = std::move(read->note);
    }
  } else if (same) {
    return;
  }
  change.values = true;
  change.column_values.insert(change.column_values.end(), document.enum_values.begin(),
                              document.enum_values.end());
  std::ranges::sort(change.column_values);
  change.column_values.erase(std::ranges::unique(change.column_values).begin(), change.column_values.end());
}

// Writes changes; lives for one transaction.
class Writer {
 public:
  explicit Writer(Index& index) : index_(index), database_(index.database()) {}

  void write(const Change& change) {
    const std::int64_t id = row_of(*change.document);
    if (change.text) write_text(id, change);
    if (change.values) write_values(id, change);
  }

  void remove(const Key& key) {
    find_.bind(1, key.first).bind(2, key.second);
    const bool found = find_.step();
    const std::int64_t id = found ? find_.integer(0) : 0;
    find_.reset();
    if (!found) return;
    remove_text(id);
    remove_values(id);
    database_.prepare("DELETE FROM local_sl_sources WHERE id = ?1").bind(1, id).run();
  }

 private:
  std::int64_t row_of(const Document& document) {
    insert_.bind(1, document.connection_id).bind(2, document.name).run();
    find_.bind(1, document.connection_id).bind(2, document.name);
    find_.step();
    const std::int64_t id = find_.integer(0);
    find_.reset();
    return id;
  }

  void write_text(std::int64_t id, const Change& change) {
    const std::string& text = change.document->text;
    std::string words;
    for (const std::string& word : index_.splitter().split(text)) words += (words.empty() ? "" : " ") + word;
    update_text_.bind(1, change.document->meaning).bind(2, change.state.text_hash).bind(3, words);
    update_text_.bind(4, id).run();
    remove_text(id);
    insert_text_.bind(1, id).bind(2, change.document->title).bind(3, text).run();
  }

  void write_values(std::int64_t id, const Change& change) {
    remove_values(id);
    for (const ColumnValue& value : change.column_values) {
      insert_value_.bind(1, id).bind(2, value.column).bind(3, value.value).run();
      // The full-text row has the id of the value's row, which joins the two.
      insert_value_text_.bind(1, database_.last_row_id()).bind(2, value.value).run();
    }
    update_values_.bind(1, change.state.values_hash).bind(2, change.state.database_stamp);
    update_values_.bind(3, change.note).bind(4, id).run();
  }

  void remove_text(std::int64_t id) { remove_text_.bind(1, id).run(); }

  void remove_values(std::int64_t id) {
    remove_value_texts_.bind(1, id).run();
    remove_values_.bind(1, id).run();
  }

  Index& index_;
  SqliteConnection& database_;
  SqliteStatement find_ =
      database_.prepare("SELECT id FROM local_sl_sources WHERE connection_id = ?1 AND name = ?2");
  SqliteStatement insert_ = database_.prepare(
      "INSERT OR IGNORE INTO local_sl_sources (connection_id, name, text_hash, words, meaning, values_hash, "
      "database_stamp, values_note) VALUES (?1, ?2, '', '', '', '', '', '')");
  SqliteStatement update_text_ = database_.prepare(
      "UPDATE local_sl_sources SET meaning = ?1, words = ?3, text_hash = ?2, "
      // A vector of another text is worth nothing. On the right, `meaning` is what it was before.
      "embedding = CASE WHEN meaning = ?1 THEN embedding END WHERE id = ?4");
  SqliteStatement update_values_ = database_.prepare(
      "UPDATE local_sl_sources SET values_hash = ?1, database_stamp = ?2, values_note = ?3 WHERE id = ?4");
  SqliteStatement remove_text_ = database_.prepare("DELETE FROM local_sl_sources_fts WHERE rowid = ?1");
  SqliteStatement insert_text_ =
      database_.prepare("INSERT INTO local_sl_sources_fts (rowid, title, text) VALUES (?1, ?2, ?3)");
  SqliteStatement remove_values_ =
      database_.prepare("DELETE FROM local_sl_dictionary_values WHERE source_id = ?1");
  SqliteStatement remove_value_texts_ = database_.prepare(
      "DELETE FROM local_sl_dictionary_values_fts WHERE rowid IN "
      "(SELECT id FROM local_sl_dictionary_values WHERE source_id = ?1)");
  SqliteStatement insert_value_ = database_.prepare(
      "INSERT INTO local_sl_dictionary_values (source_id, column_name, value) VALUES (?1, ?2, ?3)");
  SqliteStatement insert_value_text_ =
      database_.prepare("INSERT INTO local_sl_dictionary_values_fts (rowid, value) VALUES (?1, ?2)");
};

}  // namespace

UpdateCounts update_index(Index& index, const std::vector<Document>& documents,
                          const std::optional<std::string>& only, DatabaseReaders& readers) {
  std::map<Key, IndexedSource> vanished = indexed_sources(index.database(), only);
  std::vector<Change> changes;
  UpdateCounts counts;
  for (const Document& document : documents) {
    const auto known = vanished.extract({document.connection_id, document.name});
    Change change;
    change.document = &document;
    change.state.text_hash = hash_of({document.title, document.text, document.meaning});
    change.text = known.empty() || known.mapped().text_hash != change.state.text_hash;
    find_values(change, known.empty() ? nullptr : &known.mapped(), readers.at(document.connection_id));
    counts.texts += change.text ? 1 : 0;
    counts.values += change.values ? 1 : 0;
    if (change.text || change.values) changes.push_back(std::move(change));
  }
  counts.removed = vanished.size();
  // No transaction, so no lock and no wait for another process.
  if (changes.empty() && vanished.empty()) return counts;
  Transaction transaction(index.database(), Transaction::Kind::writing);
  Writer writer(index);
  for (const Change& change : changes) writer.write(change);
  for (const auto& [key, source] : vanished) writer.remove(key);
  transaction.commit();
  return counts;
}

std::vector<std::string> value_notes(Index& index, const std::optional<std::string>& only,
                                     const DatabaseReaders& readers) {
  std::map<std::string, std::string> notes;
  for (const auto& [connection_id, reader] : readers) {
    if (!reader.note().empty()) notes[connection_id] = reader.note();
  }
  SqliteStatement rows = index.database().prepare(
      "SELECT connection_id, name, values_note FROM local_sl_sources "
      "WHERE values_note <> '' AND " +
      std::string(in_scope) + " ORDER BY connection_id, name");
  rows.bind(1, only.value_or(""));
  while (rows.step()) notes.try_emplace(rows.text(0), rows.text(1) + ": " + rows.text(2));
  std::vector<std::string> lines;
  for (const auto& [connection_id, note] : notes) {
    std::string& line = lines.emplace_back("values of connection ");
    line.append(connection_id).append(" were not read: ").append(note);
  }
  return lines;
}

}  // namespace ktx::search
