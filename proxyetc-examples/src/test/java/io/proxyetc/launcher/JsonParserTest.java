package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonParserTest {
  @Test
  void everyValueIsReadAndWrittenBack() throws Exception {
    String text = "{\"a\":[1,-2.5e+3,true,false,null,\"\",{}],\"é\":\"\\u0001\\\"\\\\/ü😀\"}";
    assertEquals(text, JsonWriting.write(JsonParser.parse(text)));
  }

  @Test
  void escapesAreDecoded() throws Exception {
    Json.Text text = (Json.Text) JsonParser.parse(" \"\\u00e9\\n\\/\\t\\b\\f\\r\\\\\" ");
    assertEquals("é\n/\t\b\f\r\\", text.value());
    assertEquals(1, text.at());
    assertEquals(23, text.end());
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws Exception {
    assertEquals("[]", JsonWriting.write(JsonParser.parse("\ufeff[]")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": 1,}          | 8  | a field is missing after ','
          [1,]               | 3  | an item is missing after ','
          {"a" 1}            | 5  | a name is followed by ':'
          {a: 1}             | 1  | a field's name in double quotes is expected
          {"a": 1 "b": 2}    | 8  | fields are separated by ',' and end with '}'
          {"a": 'x'}         | 6  | texts stand in double quotes
          // x               | 0  | JSON has no comments
          {"a": }            | 6  | a value is missing before '}'
          {"a": 01}          | 6  | '01' is neither a number nor true, false or null; texts need quotes
          {"a": NaN}         | 6  | 'NaN' is neither a number nor true, false or null; texts need quotes
          {"a": "x           | 6  | this text has no closing quote on its line
          {"a": "\\x"}       | 7  | '\\' is followed by one of " \\ / b f n r t, or by u and four hex digits
          {"a": 1            | 7  | the text ends too early: fields are separated by ',' and end with '}'
          {} {}              | 3  | nothing may follow the end of the document
          {"a":              | 5  | the text ends where a value is expected
          """)
  void aBreachOfTheSyntaxHasItsPlace(String text, int at, String message) {
    JsonParser.SyntaxException e =
        assertThrows(JsonParser.SyntaxException.class, () -> JsonParser.parse(text));
    assertEquals(message, e.getMessage());
    assertEquals(at, e.at());
  }

  @Test
  void anEmptyTextIsNoDocument() {
    JsonParser.SyntaxException e =
        assertThrows(JsonParser.SyntaxException.class, () -> JsonParser.parse(" \n"));
    assertEquals("the text ends where a value is expected", e.getMessage());
  }

  @Test
  void nestingIsBounded() {
    JsonParser.SyntaxException e =
        assertThrows(JsonParser.SyntaxException.class, () -> JsonParser.parse("[".repeat(100_000)));
    assertEquals("values may not nest deeper than 32", e.getMessage());
  }
}
