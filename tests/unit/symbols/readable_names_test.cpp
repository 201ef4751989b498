#include "analyzer/symbols/readable_names.h"

#include <gtest/gtest.h>

namespace gordian::symbols {
namespace {

TEST(ReadableNames, NamesOfCStayAsTheyAre) {
  EXPECT_EQ(readable_function("main"), "main");
  EXPECT_EQ(readable_function("pthread_mutex_lock"), "pthread_mutex_lock");
  EXPECT_EQ(plain_function("main"), "main");
  EXPECT_EQ(readable_variable("accounts"), "accounts");
  EXPECT_EQ(readable_function(""), "");
}

TEST(ReadableNames, ClonesAreNamedLikeTheFunctionTheyAreOf) {
  EXPECT_EQ(readable_function("work.constprop.0"), "work");
  EXPECT_EQ(readable_function("work.part.0.cold"), "work");
  EXPECT_EQ(readable_function("_ZN4bank4workEi.part.0"), "bank::work(int)");
  EXPECT_EQ(readable_variable("lock.3"), "lock");
}

TEST(ReadableNames, ReturnTypesAndQualifiersAreLeftOut) {
  EXPECT_EQ(readable_function("_ZN4bank4takeIiEEvT_"), "bank::take<int>(int)");
  EXPECT_EQ(plain_function("_ZN4bank4takeIiEEvT_"), "bank::take");
  EXPECT_EQ(readable_function("_ZNK4bank6Ledger4bookEv"), "bank::Ledger::book()");
}

TEST(ReadableNames, OperatorsAreNotTakenForBrackets) {
  EXPECT_EQ(plain_function("_ZN4bank6LedgerclEi"), "bank::Ledger::operator()");
  EXPECT_EQ(plain_function("_ZN4bankltERKNS_6LedgerES2_"), "bank::operator<");
  EXPECT_EQ(plain_function("_ZN4bankrsERKNS_6LedgerEi"), "bank::operator>>");
  EXPECT_EQ(readable_function("_ZNK4bank6LedgerptEv"), "bank::Ledger::operator->()");
  EXPECT_EQ(readable_function("_ZNK4bank6LedgercvjEv"), "bank::Ledger::operator unsigned int()");
  EXPECT_EQ(plain_function("_Znwm"), "operator new");
}

TEST(ReadableNames, LambdasKeepTheirFunction) {
  EXPECT_EQ(readable_function("_ZZ4mainENKUlvE_clEv"), "main::{lambda()#1}::operator()()");
  EXPECT_EQ(plain_function("_ZZN4bank3runEiENKUlvE_clEv"), "bank::run::{lambda()#1}::operator()");
}

TEST(ReadableNames, StaticsOfFunctionsLookTheSameWhateverTheFunctionTakes) {
  EXPECT_EQ(readable_variable("_ZZ4mainE4lock"), "main()::lock");
  EXPECT_EQ(readable_variable("_ZZN4bank8transferEiE4lock"), "bank::transfer()::lock");
  EXPECT_EQ(readable_variable("_ZZNK4bank6Ledger4bookEvE4lock"), "bank::Ledger::book()::lock");
}

TEST(ReadableNames, AnonymousNamespacesAndInlineNamespacesAreLeftOut) {
  EXPECT_EQ(readable_variable("_ZN12_GLOBAL__N_14lockE"), "lock");
  EXPECT_EQ(readable_function("_ZN4bank12_GLOBAL__N_14workEv"), "bank::work()");
  EXPECT_EQ(readable_function("_ZN4bank4bookB5cxx11ENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"),
            "bank::book(std::string)");
}

TEST(ReadableNames, HashesOfRustAreLeftOut) {
  EXPECT_EQ(readable_function("_ZN4bank8transfer17h0123456789abcdefE"), "bank::transfer");
}

TEST(ReadableNames, WhatIsNotANameComesBack) {
  EXPECT_EQ(readable_function("_Z"), "_Z");
  EXPECT_EQ(readable_function("_ZZZZ"), "_ZZZZ");
  EXPECT_EQ(readable_function("((("), "(((");
  EXPECT_EQ(plain_function(">>>"), ">>>");
  EXPECT_EQ(readable_variable("_ZZ"), "_ZZ");
}

}  // namespace
}  // namespace gordian::symbols
