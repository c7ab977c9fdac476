package io.proxyetc.launcher;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, from the jar's manifest. */
final class Version implements IVersionProvider {
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "proxyetc " + (version == null ? "(built from classes)" : version);
  }

  @Override
  public String[] getVersion() {
    return new String[] {text(), "Java " + System.getProperty("java.version")};
  }
}
