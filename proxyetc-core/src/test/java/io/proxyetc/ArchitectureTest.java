package io.proxyetc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom. The numbers are those of the rules that the modules share. */
class ArchitectureTest {
  private static final String INTERNAL = "io.proxyetc.internal..";
  private static final String HTTP = "io.proxyetc.internal.http";
  private static final String[] API = {"io.proxyetc", "io.proxyetc.spi"};
  private static final String[] HIDDEN = {
    "io.undertow..", "org.xnio..", "com.google.gson..", "com.github.benmanes.."
  };

  /** What each stage does not know of; what they share is in target, map and the API. */
  private static final List<String> HTTP_STAGES = List.of("listen", "connect", "relay", "respond");

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.proxyetc");

  @Test
  void rule1TheApiDoesNotKnowWhatIsInsideButForTheBuilder() {
    noClasses()
        .that(resideInAnyPackage(API))
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL).and(not("internal.assembly")))
        .check(CORE);
    noClasses()
        .that(resideInAnyPackage(API))
        .and()
        .haveNameNotMatching("io\\.proxyetc\\.ProxyServer(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(INTERNAL)
        .check(CORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "balance", "target", "map", "store", "tls", "health"})
  void rule2NoPartKnowsThePipelineOrTheAssembly(String part) {
    noClasses()
        .that()
        .resideInAPackage("io.proxyetc.internal." + part + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(HTTP + "..", "io.proxyetc.internal.assembly..")
        .allowEmptyShould(true)
        .check(CORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "balance", "store", "tls", "health"})
  void rule2StagesDoNotKnowEachOther(String stage) {
    noClasses()
        .that()
        .resideInAPackage("io.proxyetc.internal." + stage + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(INTERNAL)
                .and(not("internal." + stage))
                .and(not("internal.target"))
                .and(not("internal.map")))
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void rule2TheStagesOfHttpDoNotKnowEachOther() {
    for (String stage : HTTP_STAGES) {
      String[] others =
          HTTP_STAGES.stream()
              .filter(other -> !other.equals(stage))
              .map(other -> HTTP + "." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(HTTP + "." + stage + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .allowEmptyShould(true)
          .check(CORE);
    }
  }

  @Test
  void rule2OnlyPipelineAndAssemblyComposeStages() {
    noClasses()
        .that()
        .resideInAPackage(HTTP + ".(*)..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(HTTP, "io.proxyetc.internal.table..", "io.proxyetc.internal.balance..")
        .check(CORE);
  }

  @Test
  void rule2ThereIsNoCycleInside() {
    slices().matching("io.proxyetc.internal.(**)").should().beFreeOfCycles().check(CORE);
    slices().matching("io.proxyetc.internal.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void rule3OnlyTheHttpPartKnowsUndertow() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HTTP + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.undertow..", "org.xnio..")
        .check(CORE);
  }

  @Test
  void rule6WhatATableIsMadeOfDoesNotChange() {
    fields()
        .that()
        .areDeclaredInClassesThat(
            resideInAnyPackage("io.proxyetc.internal.table", "io.proxyetc.internal.map")
                .and(notNamed("RouteTables", "Compilation", "NodeIterator")))
        .should()
        .beFinal()
        .check(CORE);
    fields()
        .that()
        .areDeclaredInClassesThat(
            DescribedPredicate.describe(
                "are records of the API",
                (JavaClass c) -> c.isRecord() && resideInAnyPackage(API).test(c)))
        .should()
        .beFinal()
        .check(CORE);
  }

  @Test
  void rule7NoLibraryShowsInThePublicApi() {
    members()
        .that()
        .areDeclaredInClassesThat(resideInAnyPackage(API))
        .should(showNoLibrary())
        .check(CORE);
    classes().that(resideInAnyPackage(API)).and().arePublic().should(extendNoLibrary()).check(CORE);
  }

  /** It may have one thread for all that runs in the JVM, and whoever blocks it holds up others. */
  @Test
  void nothingRunsOnTheCommonPoolNeitherHereNorInTests() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it is an …Async of CompletableFuture without an executor",
                (JavaMethodCall call) ->
                    call.getTargetOwner().isAssignableTo(CompletionStage.class)
                        && call.getName().endsWith("Async")
                        && call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isEquivalentTo(Executor.class))))
        .check(new ClassFileImporter().importPackages("io.proxyetc"));
  }

  @Test
  void thereIsNoStaticStateThatChanges() {
    fields()
        .that(
            DescribedPredicate.describe(
                "are static and written by people",
                (JavaField f) ->
                    f.getModifiers().contains(JavaModifier.STATIC)
                        && !f.getModifiers().contains(JavaModifier.SYNTHETIC)))
        .should()
        .beFinal()
        .check(CORE);
  }

  @Test
  void nothingEndsTheProcess() {
    noClasses().should().callMethod(System.class, "exit", int.class).check(CORE);
    noClasses().should().callMethod(Runtime.class, "halt", int.class).check(CORE);
    noClasses().should().callMethod(Runtime.class, "addShutdownHook", Thread.class).check(CORE);
  }

  @Test
  void aPublicClassInsideIsFinalOrMeantToBeExtended() {
    classes()
        .that()
        .resideInAPackage(INTERNAL)
        .and()
        .arePublic()
        .should(
            condition(
                "be final, abstract, an interface or an enum",
                c ->
                    c.isInterface()
                        || c.isEnum()
                        || c.getModifiers().contains(JavaModifier.FINAL)
                        || c.getModifiers().contains(JavaModifier.ABSTRACT)))
        .check(CORE);
  }

  private static DescribedPredicate<JavaClass> not(String part) {
    return DescribedPredicate.not(resideInAPackage("io.proxyetc." + part + ".."));
  }

  private static DescribedPredicate<JavaClass> notNamed(String... names) {
    List<String> listed = List.of(names);
    return DescribedPredicate.describe(
        "are not named " + listed, (JavaClass c) -> !listed.contains(c.getSimpleName()));
  }

  private static ArchCondition<JavaMember> showNoLibrary() {
    DescribedPredicate<JavaClass> hidden = resideInAnyPackage(HIDDEN);
    return new ArchCondition<>("show no class of " + List.of(HIDDEN)) {
      @Override
      public void check(JavaMember member, ConditionEvents events) {
        boolean visible =
            isPublic(member.getOwner())
                && (member.getModifiers().contains(JavaModifier.PUBLIC)
                    || member.getModifiers().contains(JavaModifier.PROTECTED));
        boolean shows =
            typesIn(member)
                .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                .anyMatch(hidden);
        events.add(
            new SimpleConditionEvent(
                member, !(visible && shows), member.getFullName() + " shows a library"));
      }
    };
  }

  /** The types that a method, a constructor or a field is declared with. */
  private static Stream<JavaType> typesIn(JavaMember member) {
    return member instanceof JavaCodeUnit unit
        ? Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
        : Stream.of(((JavaField) member).getType());
  }

  private static boolean isPublic(JavaClass c) {
    return c.getModifiers().contains(JavaModifier.PUBLIC)
        && c.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }

  private static ArchCondition<JavaClass> extendNoLibrary() {
    DescribedPredicate<JavaClass> hidden = resideInAnyPackage(HIDDEN);
    return condition(
        "extend and implement no class of " + List.of(HIDDEN),
        c ->
            Stream.concat(c.getAllRawSuperclasses().stream(), c.getAllRawInterfaces().stream())
                .noneMatch(hidden));
  }

  private static ArchCondition<JavaClass> condition(
      String description, java.util.function.Predicate<JavaClass> holds) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass c, ConditionEvents events) {
        events.add(new SimpleConditionEvent(c, holds.test(c), c.getName()));
      }
    };
  }
}
