package charla;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * El recado del puerto: cómo se encuentran dos cuadernos. El mismo sitio y la misma forma que en
 * {@code laboratorio/parejas.py}.
 */
public final class Encuentro {
    private Encuentro() {}

    public static void anuncia(String nombre, int puerto) throws IOException {
        Path borrador = carpeta().resolve("." + nombre + "." + ProcessHandle.current().pid());
        Files.writeString(borrador, Integer.toString(puerto));
        Files.move(borrador, carpeta().resolve(nombre + ".puerto"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** El puerto que dejó dicho un servidor, o -1 si en este tiempo nadie lo dice. */
    public static int puertoDe(String nombre, int segundos) throws IOException, InterruptedException {
        Path recado = carpeta().resolve(nombre + ".puerto");
        for (int n = 0; n < segundos * 20; n++) {
            if (Files.exists(recado)) {
                return Integer.parseInt(Files.readString(recado).strip());
            }
            Thread.sleep(50);
        }
        return -1;
    }

    public static void retira(String nombre) throws IOException {
        Files.deleteIfExists(carpeta().resolve(nombre + ".puerto"));
    }

    private static Path carpeta() throws IOException {
        String dicha = System.getenv("UNIDAD5_ENCUENTRO");
        String usuario = System.getenv().getOrDefault("USER", "alumno");
        Path carpeta = dicha != null && !dicha.isEmpty()
                ? Path.of(dicha)
                : Path.of(System.getProperty("java.io.tmpdir"), "unidad5-" + usuario);
        return Files.createDirectories(carpeta);
    }
}
