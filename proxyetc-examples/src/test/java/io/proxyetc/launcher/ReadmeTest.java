package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README shows is true. Its configurations are run by {@link ConfigurationDocumentsTest}.
 */
class ReadmeTest {
  @Test
  void itsJavaCompiles(@TempDir Path dir) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Assumptions.assumeTrue(compiler != null, "this is a JRE without a compiler");
    List<String> blocks = Repository.blocks("README.md", "java");
    assertEquals(1, blocks.size());
    String code =
        "import io.proxyetc.*;\nclass Readme {\n  void snippet() {\n"
            + blocks.get(0)
            + "\n  }\n}\n";
    JavaFileObject source =
        new SimpleJavaFileObject(URI.create("string:///Readme.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        };
    StringWriter said = new StringWriter();
    List<String> options =
        List.of("-proc:none", "-d", dir.toString(), "-cp", System.getProperty("java.class.path"));
    assertTrue(
        compiler.getTask(said, null, null, options, null, List.of(source)).call(), said::toString);
  }

  @Test
  void theTwoCommandsStandOnItsFirstScreen() {
    String firstScreen = String.join("\n", Repository.read("README.md").lines().limit(24).toList());
    assertTrue(firstScreen.contains("./proxyetc demo"));
    assertTrue(firstScreen.contains("./test"));
  }

  @Test
  void itsLinksAndThoseOfTheLaunchersPagesLeadToFiles() {
    for (String page : List.of("README.md", "docs/configuration.md", "docs/operations.md")) {
      Matcher link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)").matcher(Repository.read(page));
      while (link.find()) {
        Path target = Repository.root().resolve(page).resolveSibling(link.group(1));
        assertTrue(Files.exists(target), page + " links to " + link.group(1));
      }
    }
  }
}
