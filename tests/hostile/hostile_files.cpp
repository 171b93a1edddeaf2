// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/hostile_files.h"

#include <cstdint>
#include <limits>
#include <string_view>

namespace layerloom::test {
namespace {

using Files = std::vector<HostileFile>;

constexpr std::size_t kData = 16;  // bytes of data where nothing else is said

std::string littleEndian(std::uint64_t number) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) {
    bytes += static_cast<char>((number >> (8 * i)) & 0xFF);
  }
  return bytes;
}

std::string whole(const std::string& header, std::size_t dataBytes, char fill = '\0') {
  return littleEndian(header.size()) + header + std::string(dataBytes, fill);
}

/// The description of one tensor.
std::string tensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return "{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

std::string named(const std::string& name, const std::string& description) {
  return "\"" + name + "\":" + description;
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

const std::string kGood = tensor("I32", "[2,2]", "[0,16]");
const std::string kOne = "{" + named("t", kGood) + "}";

void addLengths(Files& files) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  files.push_back({"empty file", ""});
  files.push_back({"7 bytes", std::string(7, '\0')});
  files.push_back({"length 0, nothing after", littleEndian(0)});
  files.push_back({"length 0, {} after", littleEndian(0) + "{}"});
  files.push_back({"length 1: {", whole("{", 0)});
  files.push_back({"length past the file", littleEndian(1000) + "{}"});
  files.push_back({"length at the limit, short file", littleEndian(100'000'000) + "{}"});
  files.push_back({"length past the limit", littleEndian(100'000'001) + "{}"});
  files.push_back({"length 2^64-1", littleEndian(kMost) + "{}"});
  files.push_back({"length 2^64-8, which wraps", littleEndian(kMost - 7) + "{}"});
  files.push_back({"length 2^63", littleEndian(std::uint64_t{1} << 63) + "{}"});
  const std::string little = littleEndian(kOne.size());
  files.push_back({"length big-endian", std::string(little.rbegin(), little.rend()) + kOne + std::string(kData, '\0')});
}

void addEncodings(Files& files) {
  const auto name = [&](const char* what, const std::string& text) { files.push_back({what, whole("{" + named(text, kGood) + "}", kData)}); };
  files.push_back({"byte FF", whole("\xFF", 0)});
  files.push_back({"byte order mark", whole("\xEF\xBB\xBF{}", 0)});
  files.push_back({"UTF-16", whole(std::string("{\0}\0", 4), 0)});
  name("overlong UTF-8 in a name", "\xC0\xAF");
  name("raw surrogate in a name", "\xED\xA0\x80");
  name("lone surrogate escape in a name", "\\ud800");
  name("surrogate pair in a name", "\\ud83d\\ude00");
  name("escaped NUL in a name", "a\\u0000b");
  name("raw control character in a name", "a\x01"
                                          "b");
  name("empty name", "");
}

void addSyntax(Files& files) {
  const auto header = [&](const char* what, const std::string& text, std::size_t dataBytes = 0) {
    files.push_back({what, whole(text, dataBytes)});
  };
  header("top level a list", "[]");
  header("top level null", "null");
  header("top level a text", "\"x\"");
  header("two objects", "{}{}");
  header("padded with NUL", "{}" + std::string(6, '\0'));
  header("padded with white space", "{}\r \t\n");
  header("white space before", "\t\n{}\r ");
  header("form feed before", "\x0C{}");
  header("trailing comma", "{" + named("t", kGood) + ",}", kData);
  header("comment", "{/*x*/" + named("t", kGood) + "}", kData);
  header("single quotes", "{'t':1}");
  header("valid", kOne, kData);
  header("valid, one space", kOne + " ", kData);
  header("valid, three spaces", kOne + "   ", kData);
  files.push_back({"one byte too many", whole(kOne, kData) + "x"});
  header("one byte too few", kOne, kData - 1);
  header("no data", kOne, 0);
  files.push_back({"data without tensors", whole("{}", 0) + "abc"});
}

void addMetadata(Files& files) {
  const auto note = [&](const char* what, const std::string& value, std::size_t dataBytes = 0) {
    files.push_back({what, whole("{\"__metadata__\":" + value + "}", dataBytes)});
  };
  note("metadata alone", R"({"format":"pt"})");
  note("metadata null", "null");
  note("metadata with a number", R"({"a":1})");
  note("metadata with an object", R"({"a":{"b":"c"}})");
  note("metadata with null", R"({"a":null})");
  note("metadata a list", "[]");
  note("metadata a text", "\"x\"");
  note("metadata with a key twice", R"({"a":"1","a":"2"})");
  note("metadata twice", R"({"a":"1"},"__metadata__":{"a":"2"})");
  note("metadata a tensor", kGood, kData);
  note("metadata empty", "{}");
}

void addDuplicates(Files& files) {
  const auto two = [&](const char* what, const std::string& first, const std::string& second, std::size_t dataBytes = kData) {
    files.push_back({what, whole("{" + first + "," + second + "}", dataBytes)});
  };
  const std::string second = tensor("I32", "[2,2]", "[16,32]");
  two("tensor twice", named("t", kGood), named("t", kGood));
  two("tensor twice, other dtype", named("t", kGood), named("t", tensor("F32", "[2,2]", "[0,16]")));
  two("tensor twice, one after the other", named("t", kGood), named("t", second), 2 * kData);
  two("tensor twice, the survivor fits", named("t", second), named("t", kGood));
  two("tensor twice by an escape", named("t", kGood), named("\\u0074", tensor("F32", "[2,2]", "[0,16]")));
}

void addFields(Files& files) {
  const auto fields = [&](const char* what, const std::string& text) { files.push_back({what, whole("{\"t\":{" + text + "}}", kData)}); };
  const std::string good = R"("dtype":"I32","shape":[2,2],"data_offsets":[0,16])";
  fields("dtype twice", R"("dtype":"I32","dtype":"F32","shape":[2,2],"data_offsets":[0,16])");
  fields("shape twice", R"("dtype":"I32","shape":[4],"shape":[2,2],"data_offsets":[0,16])");
  fields("data_offsets twice", good + R"(,"data_offsets":[0,16])");
  fields("unknown field", good + ",\"x\":1");
  fields("no dtype", R"("shape":[2,2],"data_offsets":[0,16])");
  fields("no shape", R"("dtype":"I32","data_offsets":[0,16])");
  fields("no data_offsets", R"("dtype":"I32","shape":[2,2])");
  files.push_back({"tensor a list", whole(R"({"t":["I32",[2,2],[0,16]]})", kData)});
  files.push_back({"tensor null", whole(R"({"t":null})", 0)});
  files.push_back({"tensor a number", whole(R"({"t":3})", 0)});
  fields("dtype F128", R"("dtype":"F128","shape":[1],"data_offsets":[0,16])");
  fields("dtype f32", R"("dtype":"f32","shape":[4],"data_offsets":[0,16])");
  fields("dtype a number", R"("dtype":1,"shape":[4],"data_offsets":[0,16])");
  fields("dtype null", R"("dtype":null,"shape":[4],"data_offsets":[0,16])");
  fields("dtype an object", R"("dtype":{"I32":null},"shape":[4],"data_offsets":[0,16])");
  const std::string four = R"("dtype":"I32","shape":[4],"data_offsets":[0,16])";
  fields("1e400 in an unknown field", four + ",\"x\":1e400");
  fields("unknown field 120 deep", four + ",\"x\":" + nested(120));
  fields("unknown field 200 deep", four + ",\"x\":" + nested(200));
  fields("unknown field a million deep", four + ",\"x\":" + nested(1'000'000));
  files.push_back({"top level a million deep", whole(std::string(1'000'000, '['), 0)});
}

void addShapes(Files& files) {
  const auto shape = [&](const char* what, const std::string& dtype, const std::string& text, const std::string& offsets = "[0,16]",
                         std::size_t dataBytes = kData) {
    files.push_back({what, whole("{" + named("t", tensor(dtype, text, offsets)) + "}", dataBytes)});
  };
  shape("shape null", "I32", "null");
  shape("shape a text", "I32", "\"4\"");
  shape("shape 4.0", "I32", "[4.0]");
  shape("shape 4e0", "I32", "[4e0]");
  shape("shape -4", "I32", "[-4]");
  shape("shape -0", "I32", "[-0]", "[0,0]", 0);
  shape("shape 2^64", "I32", "[18446744073709551616]");
  shape("shape 04", "I32", "[04]");
  shape("shape NaN", "I32", "[NaN]");
  shape("product overflows", "I32", "[2,18446744073709551614]");
  shape("bits overflow", "I32", "[2,9223372036854775807]");
  shape("product wraps to what fits", "F32", "[4194305,4194305,211106198978564]");
  shape("2^61 bytes", "U8", "[2305843009213693952]", "[0,0]", 0);
  shape("overflow before a zero", "I32", "[18446744073709551615,18446744073709551615,0]", "[0,0]", 0);
  shape("overflow after a zero", "I32", "[0,18446744073709551615,18446744073709551615]", "[0,0]", 0);
  shape("fewer bytes than the shape", "I32", "[2,2]", "[0,4]", 0);
  shape("scalar", "I32", "[]", "[0,4]", 4);
  shape("scalar of 8 bytes", "I32", "[]", "[0,8]", 8);
  shape("no elements", "I32", "[2,0]", "[0,0]", 0);
  shape("F4, half a byte", "F4", "[3]", "[0,2]", 2);
  shape("F4, whole byte", "F4", "[2]", "[0,1]", 1);
  shape("F6, whole bytes", "F6_E2M3", "[4]", "[0,3]", 3);
  shape("F6, part of a byte", "F6_E3M2", "[3]", "[0,3]", 3);
  std::string ones = "[1";
  for (int i = 1; i < 100'000; ++i) {
    ones += ",1";
  }
  shape("100,000 dimensions", "I32", ones + "]", "[0,4]", 4);
}

void addOffsets(Files& files) {
  const auto offsets = [&](const char* what, const std::string& shape, const std::string& text, std::size_t dataBytes = kData) {
    files.push_back({what, whole("{" + named("t", tensor("I32", shape, text)) + "}", dataBytes)});
  };
  offsets("one offset", "[2,2]", "[16]");
  offsets("three offsets", "[2,2]", "[0,16,32]");
  offsets("negative offset", "[2,2]", "[-1,15]");
  offsets("offsets reversed", "[2,2]", "[16,0]");
  offsets("end past the file", "[2,2]", "[0,1600]");
  offsets("end and shape past the file", "[400]", "[0,1600]");
  offsets("first tensor not at 0", "[2,2]", "[4,20]", 20);
  offsets("offset false", "[4]", "[false,16]");
  offsets("offsets as texts", "[4]", R"(["0","16"])");
}

void addTiling(Files& files) {
  const auto tensors = [&](const char* what, std::size_t dataBytes, std::initializer_list<std::string> list) {
    std::string header;
    for (const std::string& entry : list) {
      header += (header.empty() ? "{" : ",") + entry;
    }
    files.push_back({what, whole(header + "}", dataBytes)});
  };
  const auto i32 = [](const char* name, const char* shape, const char* offsets) { return named(name, tensor("I32", shape, offsets)); };
  tensors("hole", 20, {i32("a", "[2]", "[0,8]"), i32("b", "[2]", "[12,20]")});
  tensors("overlap", 16, {i32("a", "[4]", "[0,16]"), i32("b", "[2]", "[8,16]")});
  tensors("two on one range", 16, {i32("a", "[4]", "[0,16]"), i32("b", "[4]", "[0,16]")});
  tensors("header in another order", 16, {i32("b", "[2]", "[8,16]"), i32("a", "[2]", "[0,8]")});
  tensors("empty one between", 16, {i32("a", "[2]", "[0,8]"), i32("z", "[0]", "[8,8]"), i32("b", "[2]", "[8,16]")});
  tensors("two empty ones first", 16, {i32("a", "[0]", "[0,0]"), i32("z", "[0]", "[0,0]"), i32("b", "[4]", "[0,16]")});
  tensors("empty one inside another", 16, {i32("a", "[4]", "[0,16]"), i32("z", "[0]", "[4,4]")});
  tensors("empty one past the end", 16, {i32("a", "[4]", "[0,16]"), i32("z", "[0]", "[99,99]")});
  tensors("odd address", 5, {named("a", tensor("U8", "[1]", "[0,1]")), named("b", tensor("F32", "[1]", "[1,5]"))});
  std::string ten;
  for (int i = 0; i < 10; ++i) {
    ten += (i == 0 ? "" : ",") + named("w" + std::to_string(i), tensor("F32", "[2,2]", "[0,16]"));
  }
  tensors("ten on one range", 16, {ten});
}

void addTypes(Files& files) {
  struct Type {
    const char* name;
    int bytes;
  };
  constexpr Type kTypes[] = {{"BOOL", 1},        {"U8", 1},          {"I8", 1},     {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"F8_E8M0", 1},
                             {"F8_E4M3FNUZ", 1}, {"F8_E5M2FNUZ", 1}, {"I16", 2},    {"U16", 2},     {"F16", 2},     {"BF16", 2},
                             {"I32", 4},         {"U32", 4},         {"F32", 4},    {"C64", 8},     {"F64", 8},     {"I64", 8},
                             {"U64", 8},         {"E8M0", 1},        {"F8_E4M3FN", 1}, {"C128", 16}, {"F4_E2M1", 1}, {"I4", 1}};
  for (const auto& [type, bytes] : kTypes) {
    const std::string header = "{" + named("t", tensor(type, "[1]", "[0," + std::to_string(bytes) + "]")) + "}";
    // A BOOL of 2 is none of the reader's business.
    files.push_back({std::string("one ") + type, whole(header, static_cast<std::size_t>(bytes), type == std::string_view("BOOL") ? '\2' : '\0')});
  }
}

void addForeignFiles(Files& files) {
  files.push_back({"Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 12345\n"});
  files.push_back({"web page", "<!DOCTYPE html><html><body>404</body></html>"});
  files.push_back({"ZIP", "PK\x03\x04\x14" + std::string(105, '\0')});
  files.push_back({"GGUF", "GGUF\x03" + std::string(103, '\0')});
  files.push_back({"pickle", std::string("\x80\x02}q\0.", 6) + std::string(20, '\0')});
}

}  // namespace

std::vector<HostileFile> hostileFiles() {
  Files files;
  addLengths(files);
  addEncodings(files);
  addSyntax(files);
  addMetadata(files);
  addDuplicates(files);
  addFields(files);
  addShapes(files);
  addOffsets(files);
  addTiling(files);
  addTypes(files);
  addForeignFiles(files);
  return files;
}

HostileFile damagedBase() {
  const std::string header = R"({"__metadata__":{"format":"pt"},"a.w":)" + tensor("F32", "[2,2]", "[0,16]") + ",\"b\\\"1\":" +
                             tensor("BF16", "[3]", "[16,22]") + ",\"n\":" + tensor("U8", "[2,0,5]", "[22,22]") + "}  ";
  return {"three tensors", whole(header, 22, 'x')};
}

std::size_t headerEnd(const HostileFile& file) {
  return file.bytes.size() - 22;
}

}  // namespace layerloom::test
