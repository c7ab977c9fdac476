package io.proxyetc.launcher;

/** What this build is called. */
final class Build {
  private Build() {}

  /** Name and version, from the jar's manifest. */
  static String name() {
    String version = Build.class.getPackage().getImplementationVersion();
    return "proxyetc " + (version == null ? "(built from classes)" : version);
  }
}
