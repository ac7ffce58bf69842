#include "ktx/wiki/wiki.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/spans.hpp"
#include "ktx/wiki/page.hpp"

namespace ktx::wiki {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".md";

// Collects the pages of one wiki. Folders must be added in the order of precedence: the first page of a key
// counts.
class Loading {
 public:
  explicit Loading(const fs::path& project_directory) : project_directory_(project_directory) {}

  void add_folder(Scope scope, const std::string& folder) {
    for (const std::string& key : keys_below(folder)) {
      std::string path = folder + "/";
      add_page(scope, key, path.append(key).append(extension));
    }
  }

  Wiki take() {
    Wiki wiki;
    for (auto& [key, page] : pages_) wiki.pages.push_back(std::move(page));
    wiki.findings = std::move(findings_);
    sort_by_place(wiki.findings);
    return wiki;
  }

 private:
  // The keys of the pages in the folder, sorted. Empty if the folder is missing.
  std::vector<std::string> keys_below(const std::string& folder) {
    std::vector<std::string> keys;
    const fs::path top = project_directory_ / folder;
    std::error_code fault;
    fs::recursive_directory_iterator entry(top, fault);
    if (fault) return keys;
    for (const fs::recursive_directory_iterator end; entry != end; entry.increment(fault)) {
      const std::string name = entry->path().filename().string();
      const bool is_folder = entry->is_directory(fault);
      if (name.starts_with('.')) {
        if (is_folder) entry.disable_recursion_pending();
      } else if (!is_folder && name.ends_with(extension)) {
        std::string key = entry->path().lexically_relative(top).generic_string();
        key.resize(key.size() - extension.size());
        if (is_page_key(key)) keys.push_back(std::move(key));
      }
    }
    // A folder is listed in no order, but findings and pages must be the same each time.
    std::ranges::sort(keys);
    return keys;
  }

  void add_page(Scope scope, const std::string& key, const std::string& path) {
    const auto known = pages_.find(key);
    if (known != pages_.end()) {
      if (known->second.scope == scope) {
        finding(
            "duplicate-page", Severity::warning, path, {},
            "the page \"" + key + "\" is in " + known->second.path + " too, which is the one that is read",
            "Remove one of the two files");
      }
      return;
    }
    if (auto page = read_page(path)) {
      page->scope = scope;
      page->key = key;
      pages_.emplace(key, *std::move(page));
    }
  }

  std::optional<Page> read_page(const std::string& path) {
    std::string text;
    try {
      text = read_file(project_directory_ / path);
    } catch (const Error& error) {
      finding("unreadable-file", Severity::error, path, {}, error.message(), "Make the file readable");
      return std::nullopt;
    }
    auto parsed = parse_page(text);
    if (const auto* fault = std::get_if<yaml::Fault>(&parsed)) {
      finding("yaml-syntax", Severity::error, path, fault->mark, fault->message, fault->fix);
      return std::nullopt;
    }
    auto& file = std::get<PageFile>(parsed);
    Page page;
    page.path = path;
    if (const yaml::Node* summary = file.front.find_value("summary")) page.summary = summary->text;
    page.tags = texts_of(file.front, "tags");
    page.refs = texts_of(file.front, "refs");
    page.sl_refs = texts_of(file.front, "sl_refs");
    page.content = std::move(file.content);
    return page;
  }

  void finding(std::string code, Severity severity, const std::string& path,
               const std::optional<yaml::Mark>& mark, std::string message, std::string fix) {
    findings_.push_back({std::move(code),
                         severity,
                         path,
                         mark ? mark->line : 0,
                         mark ? mark->column : 0,
                         std::move(message),
                         {},
                         std::move(fix)});
  }

  const fs::path& project_directory_;
  std::map<std::string, Page> pages_;
  std::vector<Finding> findings_;
};

}  // namespace

const Page* Wiki::find(std::string_view key) const {
  const auto found = std::ranges::lower_bound(pages, key, {}, &Page::key);
  return found == pages.end() || found->key != key ? nullptr : &*found;
}

Wiki load_wiki(const fs::path& project_directory, const std::string& user) {
  const ScopedSpan span("load wiki");
  Loading loading(project_directory);
  // The user's pages first: they hide global ones, and `wiki` hides `knowledge`.
  for (const Scope scope : {Scope::user, Scope::global}) {
    for (const std::string_view folder : page_folders) {
      loading.add_folder(scope, std::string(folder) + "/" + scope_folder(scope, user));
    }
  }
  return loading.take();
}

}  // namespace ktx::wiki
