// What both drivers share: what a line says, and what came of it in JSON.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

final class Driving {
  private Driving() {}

  /** One call of the sample client. */
  interface Call {
    String make(String verb, Map<String, String> given) throws PensionFault;
  }

  /** Answers every line of stdin. */
  static void answer(Call call) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) out.println(outcome(call, line));
  }

  private static String outcome(Call call, String line) {
    String[] words = line.trim().split(" ");
    Map<String, String> given = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      given.put(pair[0], pair[1]);
    }
    try {
      return call.make(words[0], given);
    } catch (PensionFault fault) {
      return "{\"fault\":" + fault.code + ",\"text\":" + quoted(fault.text) + ",\"message\":" + quoted(fault.details)
          + ",\"source\":" + quoted(fault.source) + "}";
    } catch (RuntimeException error) {
      return "{\"error\":" + quoted(error.toString()) + "}";
    }
  }

  /** An object, without what is null. Numbers, lists and JSON that is made already stay what they are. */
  static Json object(Map<String, Object> members) {
    return new Json(members.entrySet().stream()
        .filter(entry -> entry.getValue() != null)
        .map(entry -> quoted(entry.getKey()) + ":" + value(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}")));
  }

  private static String value(Object value) {
    if (value instanceof Json || value instanceof Integer) return value.toString();
    if (!(value instanceof List)) return quoted(value.toString());
    return ((List<?>) value).stream().map(Driving::value).collect(Collectors.joining(",", "[", "]"));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  /** Text that is JSON already. */
  static final class Json {
    private final String text;

    private Json(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
