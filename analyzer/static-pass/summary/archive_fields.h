// The layout of an archived unit: one list of members a structure, which writer and reader both walk, so that
// they cannot disagree.
#pragma once

#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check::archive_fields {

template <class Archive>
void each(Archive& archive, Place& place) {
  archive(place.file, place.line, place.column);
}

template <class Archive>
void each(Archive& archive, Element& element) {
  archive(element.kind, element.name);
}

template <class Archive>
void each(Archive& archive, Path& path) {
  archive(path.root, path.number, path.name, path.elements);
}

template <class Archive>
void each(Archive& archive, Value& value) {
  archive(value.path, value.type);
}

template <class Archive>
void each(Archive& archive, Op& op) {
  archive(op.kind, op.flags, op.place, op.result, op.callee, op.name, op.target, op.object, op.arguments,
          op.test);
}

template <class Archive>
void each(Archive& archive, Test& test) {
  archive(test.kind);
  if (test.kind != Test::Kind::kAlways && test.kind != Test::Kind::kOther) archive(test.left, test.right);
}

template <class Archive>
void each(Archive& archive, Edge& edge) {
  archive(edge.to, edge.test);
}

template <class Archive>
void each(Archive& archive, Block& block) {
  archive(block.ops, block.edges, block.ends_program);
}

template <class Archive>
void each(Archive& archive, Variable& variable) {
  archive(variable.key, variable.name, variable.type, variable.place, variable.is_pointer,
          variable.is_thread_local, variable.is_const, variable.is_atomic, variable.is_by_value,
          variable.mutex_kind, variable.guarded_by, variable.acquired_before, variable.acquired_after);
}

template <class Archive>
void each(Archive& archive, Field& field) {
  archive(field.key, field.owner, field.type, field.place, field.is_pointer, field.is_const, field.is_atomic,
          field.guarded_by, field.acquired_before, field.acquired_after);
}

template <class Archive>
void each(Archive& archive, Class& one) {
  archive(one.name, one.bases, one.is_in_system_header, one.is_scoped_capability);
}

template <class Archive>
void each(Archive& archive, Lambda::Capture& capture) {
  archive(capture.path, capture.by_copy);
}

template <class Archive>
void each(Archive& archive, Lambda& lambda) {
  archive(lambda.key, lambda.captures);
}

template <class Archive>
void each(Archive& archive, Contract& contract) {
  archive(contract.kind, contract.shared, contract.success, contract.lock);
}

template <class Archive>
void each(Archive& archive, Function& function) {
  // The first two are read before the rest, to see whether the rest is wanted: archive.cpp.
  archive(function.flags, function.key);
  archive(function.name, function.plain, function.owner, function.place, function.end, function.parameters,
          function.locals, function.lambdas, function.contracts, function.blocks);
}

template <class Archive>
void each(Archive& archive, Override& override_) {
  archive(override_.method, override_.overridden);
}

template <class Archive>
void each(Archive& archive, Declaration& declaration) {
  archive(declaration.key, declaration.plain, declaration.contracts);
}

}  // namespace gordian::check::archive_fields
