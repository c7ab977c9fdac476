package io.proxyetc.mail;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may import whom. The numbers are those of the rules that the modules share. */
class ArchitectureTest {
  private static final JavaClasses MAIL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.proxyetc.mail");

  @Test
  void rule5MailSeesTheApiAndTheSpiOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.proxyetc.internal..",
            "io.proxyetc.tcp..",
            "io.proxyetc.etcd..",
            "io.proxyetc.mapdb..",
            "io.proxyetc.admin..",
            "io.undertow..",
            "org.xnio..",
            "com.google.gson..")
        .check(MAIL);
  }

  @Test
  void itShowsOnePublicClassAndItsBuilder() {
    classes()
        .that()
        .arePublic()
        .should()
        .haveNameMatching("io\\.proxyetc\\.mail\\.MailHealthNotifier(\\$(Builder|Security))?")
        .check(MAIL);
  }

  @Test
  void noMailLibraryShowsInIt() {
    noClasses()
        .that()
        .haveNameMatching("io\\.proxyetc\\.mail\\.MailHealthNotifier.*")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.mail..", "org.simplejavamail..", "org.eclipse.angus..")
        .check(MAIL);
  }
}
