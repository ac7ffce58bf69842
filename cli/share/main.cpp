// Writes what a package has below share/: the man pages and the completion scripts. Run by the build:
//   ktx_make_share <folder> <date as 2026-05-01>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "ktx/commands/completion_scripts.hpp"
#include "man_page.hpp"

namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream stream;
  stream.exceptions(std::ios::failbit | std::ios::badbit);
  stream.open(file, std::ios::binary);
  stream << text;
}

void write_man_pages(const fs::path& folder, const std::string& date) {
  fs::remove_all(folder);  // drops pages of commands that no longer exist
  for (const ktx::cli::CommandPage& page : ktx::cli::command_pages()) {
    write(folder / (ktx::cli::man_page_name(page.name) + ".1"), ktx::cli::man_page(page, date));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: ktx_make_share <folder> <date>\n";
    // The exit code for misuse, as in ktx itself.
    return 2;
  }
  try {
    const fs::path folder = argv[1];
    write_man_pages(folder / "man/man1", argv[2]);
    for (const auto& script : ktx::cli::completion_scripts) write(folder / script.path, script.text);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
