#include "ktx/search/search.hpp"

#include <algorithm>
#include <utility>

#include "embedder.hpp"
#include "index.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "lanes.hpp"
#include "question.hpp"

namespace ktx::search {
namespace {

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c <= ' '; });
}

DocumentNumbers numbers_of(const std::vector<Document>& documents) {
  DocumentNumbers numbers;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    numbers.emplace(std::pair(documents[i].connection_id, documents[i].name), i);
  }
  return numbers;
}

std::vector<std::string_view> titles_of(const std::vector<Document>& documents) {
  std::vector<std::string_view> titles;
  for (const Document& document : documents) titles.emplace_back(document.title);
  return titles;
}

DatabaseReaders readers_of(const project::Project& project, const Environment& environment,
                           const std::vector<Document>& documents) {
  DatabaseReaders readers;
  for (const Document& document : documents) {
    if (readers.contains(document.connection_id)) continue;
    readers.emplace(document.connection_id,
                    DatabaseValues(project.config.find_connection(document.connection_id), environment,
                                   project.directory));
  }
  return readers;
}

std::array<Lane, lane_count> lanes_with(LaneStatus status, const char* reason) {
  std::array<Lane, lane_count> lanes;
  for (std::size_t i = 0; i < lane_count; ++i) lanes[i] = {all_lanes[i], status, reason};
  return lanes;
}

// One search. The embedder and the readers outlive a failed index, so that a retry does not embed and read
// again.
class Search {
 public:
  Search(const project::Project& project, const Environment& environment,
         const std::vector<Document>& documents, const Request& request, const Embeddings& embeddings)
      : documents_(documents),
        request_(request),
        embeddings_(embeddings),
        numbers_(numbers_of(documents)),
        titles_(titles_of(documents)),
        readers_(readers_of(project, environment, documents)) {}

  // Without any database.
  Search(const std::vector<Document>& documents, const Request& request, const Embeddings& embeddings,
         DatabaseReaders readers)
      : documents_(documents),
        request_(request),
        embeddings_(embeddings),
        numbers_(numbers_of(documents)),
        titles_(titles_of(documents)),
        readers_(std::move(readers)) {}

  // Brings the index up to date and searches it.
  Answer run(Index& index) {
    Answer answer;
    answer.lanes = lanes_with(LaneStatus::available, "");
    answer.updated = update_index(index, documents_, request_.connection_id, readers_);
    if (is_blank(request_.query)) return answer;
    Question question(index.splitter(), request_.query);
    question.mend_slips(index, numbers_);
    answer.notes = question.notes();
    std::array<Ranking, lane_count> rankings;
    rankings[0] = semantic(index, question, answer);
    find_words(index, question, rankings, answer);
    note_missing_values(index, answer.lanes[1]);
    const auto named = named_by(question, index, rankings[2], titles_);
    answer.hits = fuse(rankings, request_.limit, request_.semantic_weight, named);
    return answer;
  }

 private:
  // A lane whose query SQLite refuses has failed; other lanes may still answer. Any other error is one of the
  // index, which `with_index` handles.
  template <typename Action>
  static Ranking guarded(Lane& lane, const Action& action) {
    try {
      return action();
    } catch (const SqliteFailure& failure) {
      if (failure.code != SQLITE_ERROR) throw;
      lane.status = LaneStatus::failed;
      lane.reason = failure.message;
      return {};
    }
  }

  // Fills in the rankings behind the first, which is that of meanings.
  void find_words(Index& index, const Question& question, std::array<Ranking, lane_count>& rankings,
                  Answer& answer) {
    const WordSearch search{question.words(), question.all_words(), numbers_, pool_size(request_.limit),
                            !rankings[0].empty()};
    rankings[1] = guarded(answer.lanes[1], [&] { return dictionary_ranking(index, search); });
    rankings[2] = guarded(answer.lanes[2], [&] { return lexical_ranking(index, search); });
    rankings[3] = guarded(answer.lanes[3], [&] { return token_ranking(index, search); });
  }

  Ranking semantic(Index& index, const Question& question, Answer& answer) {
    Lane& lane = answer.lanes[0];
    if (!embeddings_.skip_reason.empty() || documents_.empty()) {
      lane.status = LaneStatus::skipped;
      lane.reason = documents_.empty() ? no_sources : embeddings_.skip_reason;
      return {};
    }
    try {
      return guarded(lane, [&] { return ranked_by_meaning(index, question, answer.updated); });
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      lane.status = LaneStatus::skipped;
      lane.reason = "embedding_unhealthy:" + std::string(first_line(error.message()));
      if (!error.fix().empty()) lane.reason += "; fix: " + error.fix();
      return {};
    }
  }

  Ranking ranked_by_meaning(Index& index, const Question& question, UpdateCounts& updated) {
    if (!embedder_) embedder_ = std::make_unique<Embedder>(embeddings_.connect(), embeddings_.backend);
    // The query first: if embedding fails, no time was spent on the sources.
    const std::vector<float> vector = embedder_->embed({question.meant_text()}).front();
    updated.vectors = update_vectors(index, request_.connection_id, *embedder_);
    return semantic_ranking(index, vector, embedder_->model(), numbers_, pool_size(request_.limit));
  }

  void note_missing_values(Index& index, Lane& lane) const {
    for (const std::string& note : value_notes(index, request_.connection_id, readers_)) {
      lane.reason += (lane.reason.empty() ? "" : "; ") + note;
    }
  }

  const std::vector<Document>& documents_;
  const Request& request_;
  const Embeddings& embeddings_;
  DocumentNumbers numbers_;
  std::vector<std::string_view> titles_;  // by number
  DatabaseReaders readers_;
  std::unique_ptr<Embedder> embedder_;
};

// The first documents, for a query without words.
std::vector<Hit> listed(std::size_t documents, std::size_t limit) {
  std::vector<Hit> hits;
  for (std::size_t i = 0; i < std::min(documents, limit); ++i) hits.push_back({i, 1, {}, {}});
  return hits;
}

}  // namespace

std::string_view name(LaneKind lane) {
  switch (lane) {
    case LaneKind::semantic: return "semantic";
    case LaneKind::dictionary: return "dictionary";
    case LaneKind::lexical: return "lexical";
    case LaneKind::token: return "token";
  }
  return {};
}

std::string_view name(LaneStatus status) {
  switch (status) {
    case LaneStatus::available: return "available";
    case LaneStatus::skipped: return "skipped";
    case LaneStatus::failed: return "failed";
  }
  return {};
}

Answer search(const project::Project& project, const Environment& environment,
              const std::vector<Document>& documents, const Request& request, const Embeddings& embeddings) {
  Answer answer;
  const bool lists = is_blank(request.query);
  // A list needs no index.
  if (!lists || request.reindex) {
    Search search(project, environment, documents, request, embeddings);
    const IndexPlace place{project.directory, request.busy_timeout_ms, request.reindex};
    auto notes = with_index(place, [&](Index& index) { answer = search.run(index); });
    answer.notes.insert(answer.notes.begin(), notes.begin(), notes.end());
  }
  if (lists) {
    answer.hits = listed(documents.size(), request.limit);
    answer.lanes = lanes_with(LaneStatus::skipped, empty_query);
  }
  return answer;
}

Answer search_in_memory(const std::vector<Document>& documents, const Request& request) {
  static const Environment nothing{};
  const Embeddings none{embedding_unconfigured, {}, {}};
  DatabaseReaders readers;
  for (const Document& document : documents) {
    readers.try_emplace(document.connection_id, nullptr, nothing, std::filesystem::path());
  }
  try {
    Index index(SqliteConnection::in_memory());
    return Search(documents, request, none, std::move(readers)).run(index);
  } catch (const SqliteFailure& failure) {
    throw Error(ErrorKind::internal, "The search failed in memory: " + failure.message);
  }
}

std::vector<ColumnValue> known_values(const project::Project& project, const std::string& connection_id,
                                      const std::string& source) {
  constexpr int busy_timeout_ms = 5000;
  std::vector<ColumnValue> values;
  with_index({project.directory, busy_timeout_ms, false}, [&](Index& index) {
    values.clear();
    SqliteStatement rows = index.database().prepare(
        "SELECT value.column_name, value.value FROM local_sl_dictionary_values AS value "
        "JOIN local_sl_sources AS source ON source.id = value.source_id "
        "WHERE source.connection_id = ?1 AND source.name = ?2 ORDER BY value.id");
    rows.bind(1, connection_id).bind(2, source);
    while (rows.step()) values.push_back({rows.text(0), rows.text(1)});
  });
  return values;
}

}  // namespace ktx::search
