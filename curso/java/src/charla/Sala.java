package charla;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * La sala: quién está, cómo se llama y qué oye cada uno. Es la misma que la de Python ({@code charla/sala.py}),
 * línea por línea, y por eso sus clientes se cruzan. No hay sockets ni hilos: quien la use desde varios, que la
 * proteja.
 */
public final class Sala {
    public static final String PREGUNTA = "¿Cómo te llamas?";
    public static final String CIERRE = "* El servidor cierra. Hasta luego.";
    public static final String LLENA = "* La sala está llena. Prueba más tarde.";
    public static final String OCIOSO = "* Llevas mucho tiempo en silencio. Hasta luego.";
    public static final String LARGA = "* Esa línea es demasiado larga. Hasta luego.";
    private static final int NOMBRE_LETRAS = 20;

    private final Map<Integer, String> nombres = new LinkedHashMap<>(); // null: todavía no ha dicho su nombre

    /** Los nombres de los que ya hablan, por orden. */
    public List<String> presentes() {
        return nombres.values().stream().filter(Objects::nonNull).sorted().toList();
    }

    public List<Envio> llega(int quien) {
        nombres.put(quien, null);
        return List.of(new Envio(quien, PREGUNTA));
    }

    /** Lo que provoca una línea de este cliente; de uno que ya no está, nada. */
    public List<Envio> recibe(int quien, String linea) {
        if (!nombres.containsKey(quien)) {
            return List.of();
        }
        String nombre = nombres.get(quien);
        if (nombre == null) {
            return bautiza(quien, Normalizer.normalize(linea.strip(), Normalizer.Form.NFC));
        }
        if (linea.equals("/salir")) {
            List<Envio> envios = new ArrayList<>(seVa(quien));
            envios.add(new Envio(quien, "* Hasta luego."));
            envios.add(new Envio(quien, null));
            return envios;
        }
        if (linea.equals("/quien")) {
            return List.of(new Envio(quien, "* Están: " + String.join(", ", presentes())));
        }
        return linea.isBlank() ? List.of() : aTodos("<" + nombre + "> " + linea);
    }

    /** Se fue, lo haya dicho o no. Decirlo dos veces no hace nada la segunda. */
    public List<Envio> seVa(int quien) {
        String nombre = nombres.remove(quien);
        return nombre == null ? List.of() : aTodos("* " + nombre + " se va");
    }

    static boolean nombreValido(String nombre) {
        int letras = nombre.codePointCount(0, nombre.length());
        return letras > 0
                && letras <= NOMBRE_LETRAS
                && Character.isLetter(nombre.codePointAt(0))
                && nombre.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
    }

    private List<Envio> bautiza(int quien, String nombre) {
        if (!nombreValido(nombre)) {
            String queja = "* Ese nombre no vale: una letra y hasta " + NOMBRE_LETRAS + " letras, cifras, - o _.";
            return List.of(new Envio(quien, queja), new Envio(quien, PREGUNTA));
        }
        String plegado = nombre.toLowerCase(Locale.ROOT);
        if (presentes().stream().anyMatch(otro -> otro.toLowerCase(Locale.ROOT).equals(plegado))) {
            return List.of(new Envio(quien, "* Ya hay alguien que se llama " + nombre + "."), new Envio(quien, PREGUNTA));
        }
        List<Envio> anuncio = aTodos("* " + nombre + " entra");
        nombres.put(quien, nombre);
        List<Envio> envios = new ArrayList<>();
        envios.add(new Envio(quien, "* Hola, " + nombre + ". Están: " + String.join(", ", presentes())));
        envios.addAll(anuncio);
        return envios;
    }

    private List<Envio> aTodos(String texto) {
        return nombres.entrySet().stream()
                .filter(uno -> uno.getValue() != null)
                .map(uno -> new Envio(uno.getKey(), texto))
                .toList();
    }
}
