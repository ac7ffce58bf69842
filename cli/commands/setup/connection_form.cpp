#include "setup/connection_form.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "ktx/app/new_connection.hpp"
#include "ktx/util/error.hpp"
#include "setup/options.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* usual_id = "warehouse";

fs::path file_of(const SetupSession& session, const std::string& path) {
  return (session.directory() / path).lexically_normal();
}

bool is_file(const fs::path& file) {
  std::error_code fault;
  return fs::is_regular_file(file, fault);
}

// A path for ktx.yaml: relative to the project if the file is below it, so that the project can be moved.
std::string written_path(const SetupSession& session, const std::string& typed) {
  const Environment& environment = session.context().environment;
  fs::path path = typed.starts_with("~/") ? environment.home / typed.substr(2) : fs::path(typed);
  // A typed path starts at the working directory, unless the project has such a file.
  if (path.is_relative() && !is_file(file_of(session, path))) path = environment.directory / path;
  const fs::path relative = file_of(session, path.string()).lexically_relative(session.directory());
  const bool below = !relative.empty() && *relative.begin() != "..";
  return below ? relative.string() : file_of(session, path.string()).string();
}

std::string free_id(const project::Config& config, const semantic::Driver& driver) {
  if (config.find_connection(usual_id) == nullptr) return usual_id;
  std::string id(driver.name);
  for (int number = 2; config.find_connection(id) != nullptr; ++number) {
    id = std::string(driver.name) + "-" + std::to_string(number);
  }
  return id;
}

Json new_settings(const semantic::Driver& driver) { return {{"driver", driver.name}}; }

std::string check_address(const std::string& text) {
  if (text.starts_with("env:") || text.starts_with("file:")) {
    return app::is_secret_reference(text) ? "" : "Write env:NAME or file:/path";
  }
  if (text.find("://") == std::string::npos) return "Write an address, env:NAME or file:/path";
  if (app::has_password(text)) return "No password here: keep the address in a variable, and write env:NAME";
  return {};
}

// A question for a secret, which is never typed itself: where it is kept, as `env:NAME` or `file:/path`.
// `example` is the suggested reference.
TextQuestion secret_question(const std::string& title, const std::string& example) {
  return {.title = title,
          .initial = example,
          .hint = "where it is kept: env:NAME or file:/path; the secret itself is never stored",
          .check = [](const std::string& text) -> std::string {
            if (app::is_secret_reference(text)) return {};
            return "Write env:NAME or file:/path, not the secret itself";
          },
          .may_be_secret = true};
}

// The question for one setting of a driver.
TextQuestion question_of(const SetupSession& session, const semantic::DriverSetting& setting) {
  TextQuestion question{.title = std::string(setting.title), .initial = std::string(setting.initial)};
  switch (setting.kind) {
    case semantic::SettingKind::secret: return secret_question(question.title, question.initial);
    case semantic::SettingKind::address:
      question.hint = "env:NAME or file:/path where it has a password; else the address";
      question.check = check_address;
      question.may_be_secret = true;
      break;
    case semantic::SettingKind::file:
      question.check = [&session](const std::string& text) -> std::string {
        if (text.empty()) return "Type the path of the file";
        return is_file(file_of(session, written_path(session, text))) ? "" : "There is no such file";
      };
      break;
    case semantic::SettingKind::text:
      question.check = [](const std::string& text) -> std::string {
        return text.empty() ? "Type a text" : "";
      };
      break;
    case semantic::SettingKind::optional: break;
  }
  return question;
}

// Suggests the first database file in the folder of the project.
std::string suggested_file(const SetupSession& session) {
  std::vector<std::string> found;
  std::error_code fault;
  for (const auto& entry : fs::directory_iterator(session.directory(), fault)) {
    const std::string extension = entry.path().extension();
    if (extension == ".db" || extension == ".sqlite" || extension == ".sqlite3" || extension == ".duckdb") {
      found.push_back(entry.path().filename());
    }
  }
  return found.empty() ? "" : *std::ranges::min_element(found);
}

// Asks one question after the other; going back returns to the one before.
class ConnectionForm {
 public:
  ConnectionForm(const SetupSession& session, const std::optional<SetupConnection>& earlier)
      : session_(session) {
    if (!earlier) return;
    connection_ = *earlier;
    earlier_id_ = earlier->id;
    driver_ = find_offered(connection_.settings.at("driver").get<std::string>());
  }

  Answer<SetupConnection> fill(FormStart start) {
    std::size_t step = start == FormStart::driver ? 0 : start == FormStart::settings ? 1 : id_step();
    while (true) {
      const bool answered = ask(step);
      if (answered && connection_.id.empty()) return connection_;  // left for later
      if (!answered && step == 0) return std::nullopt;
      if (answered && step == id_step()) return connection_;
      step = answered ? step + 1 : step - 1;
    }
  }

 private:
  std::size_t id_step() const { return driver_->settings.size() + 1; }

  // Asks for the driver, then each of its settings, then the id. Returns false if the user goes back.
  bool ask(std::size_t step) {
    if (step == 0) return ask_driver();
    return step < id_step() ? ask_setting(driver_->settings[step - 1]) : ask_id();
  }

  bool ask_driver() {
    const auto offered = offered_drivers();
    ChoiceQuestion question{.title = "Which database?", .choices = {}, .initial = 0};
    for (const semantic::Driver* driver : offered) question.choices.push_back({std::string(driver->label)});
    question.choices.push_back({"None for now"});
    if (driver_ != nullptr) {
      question.initial = static_cast<std::size_t>(std::ranges::find(offered, driver_) - offered.begin());
    }
    const auto chosen = session_.prompter()->choose(question);
    if (!chosen) return false;
    if (*chosen == offered.size()) {
      connection_ = {};
      return true;
    }
    const semantic::Driver* driver = offered[*chosen];
    if (driver == driver_) return true;  // keep the answers for it
    driver_ = driver;
    connection_.settings = new_settings(*driver_);
    connection_.id = earlier_id_.empty() ? free_id(session_.config(), *driver_) : earlier_id_;
    return true;
  }

  bool ask_setting(const semantic::DriverSetting& setting) {
    TextQuestion question = question_of(session_, setting);
    const std::string key(setting.key);
    if (connection_.settings.contains(key)) question.typed = connection_.settings[key].get<std::string>();
    if (setting.kind == semantic::SettingKind::file && question.initial.empty()) {
      question.initial = suggested_file(session_);
    }
    auto answer = session_.prompter()->text(question);
    if (!answer) return false;
    if (setting.kind == semantic::SettingKind::file) answer = written_path(session_, *answer);
    // An optional setting that was emptied must go.
    connection_.settings.erase(key);
    if (!answer->empty()) connection_.settings[key] = *answer;
    return true;
  }

  bool ask_id() {
    const project::Config config = session_.config();
    const auto answer =
        session_.prompter()->text({.title = "Name of the connection",
                                   .initial = connection_.id,
                                   .check = [&](const std::string& id) -> std::string {
                                     if (!project::is_connection_id(id))
                                       return "Use letters, digits, _ and -";
                                     const bool is_free =
                                         id == earlier_id_ || config.find_connection(id) == nullptr;
                                     return is_free ? "" : "There is a connection of this name";
                                   }});
    if (answer) connection_.id = *answer;
    return answer.has_value();
  }

  const SetupSession& session_;
  const semantic::Driver* driver_ = nullptr;
  SetupConnection connection_;
  std::string earlier_id_;  ///< the id under which it is in ktx.yaml
};

}  // namespace

SetupConnection connection_of_options(const SetupSession& session) {
  const SetupOptions& options = session.options();
  const semantic::Driver& driver = *find_offered(options.drivers.front());
  SetupConnection connection{options.new_connection_id.value_or(usual_id), new_settings(driver)};
  std::string value = options.url.value_or("");
  if (driver.is_file() && !app::is_secret_reference(value)) {
    value = written_path(session, value);
    if (!is_file(file_of(session, value))) {
      throw Error(ErrorKind::database, "There is no database file " + file_of(session, value).string(),
                  "Correct --database-url");
    }
  }
  connection.settings[driver.is_file() ? "path" : "url"] = value;
  return connection;
}

Answer<SetupConnection> ask_connection(const SetupSession& session,
                                       const std::optional<SetupConnection>& earlier, FormStart start) {
  return ConnectionForm(session, earlier).fill(start);
}

bool fits_form(const Json& settings) {
  const auto named = settings.find("driver");
  if (named == settings.end() || !named->is_string()) return false;
  const semantic::Driver* driver = find_offered(named->get<std::string>());
  if (driver == nullptr) return false;
  return std::ranges::all_of(settings.items(), [&](const auto& item) {
    const std::string& key = item.key();
    if (key == "driver" || key == "readonly" || key == "schemas") return true;
    return item.value().is_string() &&
           std::ranges::find(driver->settings, key, &semantic::DriverSetting::key) != driver->settings.end();
  });
}

}  // namespace ktx::cli
