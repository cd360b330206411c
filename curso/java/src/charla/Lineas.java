package charla;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * De un chorro de bytes a líneas enteras, con un límite. Se corta por bytes y se traduce después, así que una
 * letra partida entre dos lecturas vuelve a juntarse sola. Aquí no hay ningún socket.
 */
public final class Lineas {
    public static final int LINEA_BYTES = 1024;

    private final ByteArrayOutputStream resto = new ByteArrayOutputStream();
    private final int limite;

    public Lineas() {
        this(LINEA_BYTES);
    }

    public Lineas(int limite) {
        this.limite = limite;
    }

    /** Las líneas que completan los primeros {@code cuantos} bytes del trozo, sin su salto. */
    public List<String> mete(byte[] trozo, int cuantos) throws LineaLarga {
        List<String> enteras = new ArrayList<>();
        for (int n = 0; n < cuantos; n++) {
            if (trozo[n] == '\n') {
                enteras.add(sinRetorno(resto.toString(StandardCharsets.UTF_8)));
                resto.reset();
            } else if (resto.size() >= limite) {
                throw new LineaLarga(limite);
            } else {
                resto.write(trozo[n]);
            }
        }
        return enteras;
    }

    /** Una línea como viaja; los saltos de dentro se vuelven espacios. */
    public static byte[] bytesDe(String linea) {
        return (linea.replace('\r', ' ').replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String sinRetorno(String linea) {
        return linea.endsWith("\r") ? linea.substring(0, linea.length() - 1) : linea;
    }
}
