#include "ktx/project/repository.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>

#include "at_once.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;
using OutcomeKind = GitOutcome::Kind;

/// A project in a real repository, of a user with a name of their own.
class RepositoryTest : public testing::Test {
 protected:
  RepositoryTest() {
    environment_ = Environment::current();
    std::erase_if(environment_.variables, [](const auto& entry) { return entry.first.starts_with("GIT_"); });
    environment_.variables["HOME"] = home_.path().string();
    environment_.variables["GIT_CONFIG_NOSYSTEM"] = "1";
    home_.write(".gitconfig",
                "[user]\n\tname = A User\n\temail = user@example.com\n"
                "[init]\n\tdefaultBranch = trunk\n"
                "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = /nowhere\n");
    fs::create_directories(project_);
  }

  /// What git printed, its final line break aside. Fails the test when git fails.
  std::string git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"/usr/bin/env", "git"});
    Command command{arguments, environment_.variables, project_};
    CommandResult result = ProcessRunner().run(command);
    EXPECT_TRUE(result.succeeded()) << result.err;
    if (result.out.ends_with('\n')) result.out.pop_back();
    return result.out;
  }

  void make_repository() {
    ASSERT_EQ(init_repository(project_, environment_, runner_).kind, OutcomeKind::done);
    test::write_file(project_ / "ktx.yaml", "project: shop\n");
    test::write_file(project_ / "other.txt", "as committed\n");
    git({"add", "."});
    git({"commit", "--quiet", "--no-gpg-sign", "-m", "Begin"});
  }

  GitOutcome commit(const std::vector<std::string>& paths, const std::string& message = "Write it") {
    return commit_files(project_, storage_, paths, message, environment_, runner_);
  }

  std::string last_files() { return git({"show", "--format=", "--name-only", "HEAD"}); }
  std::string status() { return git({"status", "--porcelain"}); }

  test::TemporaryDirectory home_;
  test::TemporaryDirectory folder_;
  fs::path project_ = folder_ / "my project";
  Environment environment_;
  Storage storage_;
  ProcessRunner runner_;
};

TEST_F(RepositoryTest, CommitsANewFileAsTheAuthorOfTheProject) {
  make_repository();
  test::write_file(project_ / "semantic-layer/shop/orders.yaml", "name: orders\n");
  storage_.git_author = "Data Team <data@example.com>";
  const GitOutcome outcome =
      commit({"semantic-layer/shop/orders.yaml"}, "Write semantic-layer source: shop/orders");
  EXPECT_EQ(outcome.kind, OutcomeKind::done);
  EXPECT_EQ(outcome.note, "");
  EXPECT_EQ(
      git({"log", "-1", "--format=%an <%ae>|%cn <%ce>|%s"}),
      "Data Team <data@example.com>|Data Team <data@example.com>|Write semantic-layer source: shop/orders");
  EXPECT_EQ(last_files(), "semantic-layer/shop/orders.yaml");
  EXPECT_EQ(status(), "");
}

TEST_F(RepositoryTest, LeavesAloneWhatTheUserHasStagedOrChanged) {
  make_repository();
  test::write_file(project_ / "staged.txt", "staged");
  git({"add", "staged.txt"});
  test::write_file(project_ / "staged.txt", "staged, then changed");
  test::write_file(project_ / "other.txt", "changed");
  test::write_file(project_ / "stray.txt", "stray");
  test::write_file(project_ / "ktx.yaml", "project: bazaar\n");
  EXPECT_EQ(commit({"ktx.yaml"}).kind, OutcomeKind::done);
  EXPECT_EQ(last_files(), "ktx.yaml");
  EXPECT_EQ(status(), " M other.txt\nAM staged.txt\n?? stray.txt");
  EXPECT_EQ(git({"show", ":staged.txt"}), "staged");
}

TEST_F(RepositoryTest, CommitsTheFileOnTheDiskAndNotWhatIsStagedOfIt) {
  make_repository();
  test::write_file(project_ / "ktx.yaml", "project: staged\n");
  git({"add", "ktx.yaml"});
  test::write_file(project_ / "ktx.yaml", "project: written\n");
  EXPECT_EQ(commit({"ktx.yaml"}).kind, OutcomeKind::done);
  EXPECT_EQ(git({"show", "HEAD:ktx.yaml"}), "project: written");
  EXPECT_EQ(status(), "");
}

TEST_F(RepositoryTest, TheFirstCommitOfARepositoryMayBeOurs) {
  ASSERT_EQ(init_repository(project_, environment_, runner_).kind, OutcomeKind::done);
  test::write_file(project_ / "ktx.yaml", "project: shop\n");
  test::write_file(project_ / "stray.txt", "stray");
  EXPECT_EQ(commit({"ktx.yaml"}).kind, OutcomeKind::done);
  EXPECT_EQ(last_files(), "ktx.yaml");
  EXPECT_EQ(status(), "?? stray.txt");
}

TEST_F(RepositoryTest, NothingChangedMakesNoCommit) {
  make_repository();
  const std::string before = git({"rev-parse", "HEAD"});
  const GitOutcome outcome = commit({"ktx.yaml"});
  EXPECT_EQ(outcome.kind, OutcomeKind::nothing_to_do);
  EXPECT_EQ(outcome.note, "");
  EXPECT_EQ(git({"rev-parse", "HEAD"}), before);
}

TEST_F(RepositoryTest, NamesAreNoPatterns) {
  make_repository();
  for (const char* name : {"a b.yaml", "*.yaml", ":(top)x.yaml", "-m.yaml", "é.yaml", "quo\"te.yaml"}) {
    test::write_file(project_ / name, "name: x\n");
  }
  EXPECT_EQ(commit({"*.yaml"}).kind, OutcomeKind::done);
  EXPECT_EQ(last_files(), "*.yaml");
  EXPECT_EQ(commit({"a b.yaml", ":(top)x.yaml", "-m.yaml", "é.yaml", "quo\"te.yaml"}).kind,
            OutcomeKind::done);
  EXPECT_EQ(status(), "");
}

TEST_F(RepositoryTest, AProjectMayBeAFolderOfARepository) {
  make_repository();
  const fs::path inner = project_ / "data models";
  test::write_file(inner / "ktx.yaml", "project: inner\n");
  EXPECT_EQ(init_repository(inner, environment_, runner_).kind, OutcomeKind::nothing_to_do);
  EXPECT_FALSE(fs::exists(inner / ".git"));
  const GitOutcome outcome = commit_files(inner, storage_, {"ktx.yaml"}, "Write it", environment_, runner_);
  EXPECT_EQ(outcome.kind, OutcomeKind::done) << outcome.note;
  EXPECT_EQ(last_files(), "data models/ktx.yaml");
}

TEST_F(RepositoryTest, AHookThatFailsLeavesTheIndexAsItWas) {
  make_repository();
  const fs::path hook = project_ / ".git/hooks/pre-commit";
  test::write_file(hook, "#!/bin/sh\necho 'Models need a ticket' >&2\nexit 1\n");
  fs::permissions(hook, fs::perms::owner_all);
  test::write_file(project_ / "new.yaml", "name: new\n");
  test::write_file(project_ / "staged.txt", "staged");
  git({"add", "staged.txt"});
  const GitOutcome outcome = commit({"new.yaml"});
  EXPECT_EQ(outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(outcome.note, "Nothing was committed: Models need a ticket");
  EXPECT_EQ(status(), "A  staged.txt\n?? new.yaml");
  EXPECT_EQ(git({"log", "--format=%s"}), "Begin");
}

TEST_F(RepositoryTest, AHookSeesTheFileAndRuns) {
  make_repository();
  const fs::path hook = project_ / ".git/hooks/pre-commit";
  test::write_file(hook, "#!/bin/sh\ngit diff --cached --name-only > seen.txt\n");
  fs::permissions(hook, fs::perms::owner_all);
  test::write_file(project_ / "new.yaml", "name: new\n");
  EXPECT_EQ(commit({"new.yaml"}).kind, OutcomeKind::done);
  EXPECT_EQ(read_file(project_ / "seen.txt"), "new.yaml\n");
}

TEST_F(RepositoryTest, ALockedIndexIsSaid) {
  make_repository();
  test::write_file(project_ / "ktx.yaml", "project: bazaar\n");
  test::write_file(project_ / ".git/index.lock", "");
  const GitOutcome outcome = commit({"ktx.yaml"});
  EXPECT_EQ(outcome.kind, OutcomeKind::failed);
  EXPECT_NE(outcome.note.find("index.lock': File exists"), std::string::npos) << outcome.note;
  EXPECT_EQ(outcome.note.find('\n'), std::string::npos);
}

TEST_F(RepositoryTest, DetachedHeadsAndWorktreesAreRepositories) {
  make_repository();
  git({"checkout", "--quiet", "--detach"});
  test::write_file(project_ / "ktx.yaml", "project: detached\n");
  EXPECT_EQ(commit({"ktx.yaml"}).kind, OutcomeKind::done);
  EXPECT_EQ(last_files(), "ktx.yaml");

  const fs::path tree = folder_ / "work tree";
  git({"worktree", "add", "--quiet", "-b", "side", tree.string()});
  test::write_file(tree / "ktx.yaml", "project: side\n");
  const GitOutcome outcome = commit_files(tree, storage_, {"ktx.yaml"}, "On the side", environment_, runner_);
  EXPECT_EQ(outcome.kind, OutcomeKind::done) << outcome.note;
  EXPECT_EQ(git({"log", "-1", "--format=%s", "side"}), "On the side");
  EXPECT_EQ(status(), "");
}

TEST_F(RepositoryTest, VariablesDoNotPointElsewhere) {
  make_repository();
  const fs::path elsewhere = folder_ / "elsewhere";
  fs::create_directories(elsewhere);
  ASSERT_EQ(init_repository(elsewhere, environment_, runner_).kind, OutcomeKind::done);
  test::write_file(project_ / "ktx.yaml", "project: bazaar\n");
  Environment misled = environment_;
  misled.variables["GIT_DIR"] = (elsewhere / ".git").string();
  misled.variables["GIT_WORK_TREE"] = elsewhere.string();
  misled.variables["GIT_INDEX_FILE"] = (elsewhere / "index").string();
  misled.variables["GIT_OBJECT_DIRECTORY"] = (elsewhere / "objects").string();
  misled.variables["GIT_AUTHOR_NAME"] = "Somebody";
  misled.variables["GIT_COMMITTER_EMAIL"] = "somebody@example.com";
  misled.variables["GIT_GLOB_PATHSPECS"] = "1";
  const GitOutcome outcome = commit_files(project_, storage_, {"ktx.yaml"}, "Write it", misled, runner_);
  EXPECT_EQ(outcome.kind, OutcomeKind::done) << outcome.note;
  EXPECT_EQ(git({"log", "-1", "--format=%an|%ce"}), "ktx|ktx@example.com");
  EXPECT_FALSE(fs::exists(elsewhere / "index"));
}

TEST_F(RepositoryTest, WithoutARepositoryOrGitTheReasonIsOneLine) {
  test::write_file(project_ / "ktx.yaml", "project: shop\n");
  environment_.variables["GIT_CEILING_DIRECTORIES"] = folder_.path().string();
  GitOutcome outcome = commit({"ktx.yaml"});
  EXPECT_EQ(outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(outcome.note,
            "Nothing was committed: not a git repository (or any of the parent directories): .git");
  environment_.variables["PATH"] = "/nowhere";
  EXPECT_EQ(commit({"ktx.yaml"}).note, "Nothing was committed: there is no git on PATH");
  EXPECT_EQ(init_repository(project_, environment_, runner_).note,
            "No git repository was made: there is no git on PATH");
}

TEST_F(RepositoryTest, IgnoredFilesAndBadAuthorsAreSaid) {
  make_repository();
  test::write_file(project_ / ".gitignore", "*.yaml\n");
  test::write_file(project_ / "new.yaml", "name: new\n");
  EXPECT_EQ(commit({"new.yaml"}).note, "Nothing was committed: the file is ignored by git (.gitignore)");
  for (const char* author : {"nobody", "<a@b>", "A <>", "A <b", "A <b>\nC <d>"}) {
    storage_.git_author = author;
    const GitOutcome outcome = commit({"new.yaml"});
    EXPECT_EQ(outcome.kind, OutcomeKind::failed) << author;
    EXPECT_NE(outcome.note.find("storage.git.author"), std::string::npos) << outcome.note;
  }
}

TEST_F(RepositoryTest, AutoCommitMayBeOff) {
  make_repository();
  test::write_file(project_ / "ktx.yaml", "project: bazaar\n");
  storage_.git_auto_commit = false;
  EXPECT_EQ(commit({"ktx.yaml"}).kind, OutcomeKind::switched_off);
  EXPECT_EQ(status(), " M ktx.yaml");
}

TEST_F(RepositoryTest, CommitsAtTheSameTimeWaitForEachOther) {
  make_repository();
  for (int i = 0; i < 6; ++i) test::write_file(project_ / (std::to_string(i) + ".yaml"), "name: x\n");
  const int committed = test::at_once(6, [this](int i) {
    ProcessRunner runner;
    const std::string number = std::to_string(i);
    return commit_files(project_, storage_, {number + ".yaml"}, "Write " + number, environment_, runner)
               .kind == OutcomeKind::done;
  });
  EXPECT_EQ(committed, 6);
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), "7");
  EXPECT_EQ(status(), "");
}

}  // namespace
}  // namespace ktx::project
