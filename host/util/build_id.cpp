#include "ktx/util/build_id.hpp"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <span>

namespace ktx {
namespace {

constexpr std::size_t alignment = 4;  // of a note's parts

std::size_t padded(std::size_t size) { return (size + alignment - 1) / alignment * alignment; }

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string find_in_notes(std::span<const unsigned char> notes) {
  ElfW(Nhdr) header;
  while (notes.size() >= sizeof header) {
    std::memcpy(&header, notes.data(), sizeof header);
    const std::size_t content = sizeof header + padded(header.n_namesz);
    const std::size_t end = content + padded(header.n_descsz);
    if (end > notes.size()) break;
    const bool is_gnu =
        header.n_namesz == sizeof ELF_NOTE_GNU &&
        std::memcmp(notes.subspan(sizeof header).data(), ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0;
    if (is_gnu && header.n_type == NT_GNU_BUILD_ID) {
      return hexadecimal(notes.subspan(content, header.n_descsz));
    }
    notes = notes.subspan(end);
  }
  return {};
}

/// Looks at the first object only, which is the program itself.
int find_in_object(dl_phdr_info* object, std::size_t, void* found) {
  const std::span segments(object->dlpi_phdr, object->dlpi_phnum);
  for (const auto& segment : segments) {
    if (segment.p_type != PT_NOTE || segment.p_align > alignment) continue;
    // The loader gives addresses as numbers.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    const auto* begin = reinterpret_cast<const unsigned char*>(object->dlpi_addr + segment.p_vaddr);
    *static_cast<std::string*>(found) = find_in_notes({begin, segment.p_memsz});
    if (!static_cast<std::string*>(found)->empty()) break;
  }
  return 1;
}

}  // namespace

std::string build_id() {
  std::string id;
  ::dl_iterate_phdr(find_in_object, &id);
  return id;
}

}  // namespace ktx
