package charla;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * El cliente de la charla: un hilo que lee, y quien lo usa, que escribe. Habla con los servidores de Python y de
 * Java, y con la puerta plain de Tertulia.
 */
public class Cliente implements AutoCloseable {
    private static final long ESPERA_MS = 60_000;
    private static final int LINEAS = 10_000; // las que se recuerdan

    protected final Socket enchufe;
    private final List<String> lineas = new ArrayList<>(); // protegida por su propio monitor
    private final Thread lector;
    private int visto;
    private boolean fin;

    public Cliente(String anfitrion, int puerto) throws IOException {
        enchufe = new Socket(anfitrion, puerto);
        enchufe.setTcpNoDelay(true);
        lector = new Thread(this::lee, "lector");
        lector.setDaemon(true);
        lector.start();
    }

    /** Espera la pregunta, dice el nombre y devuelve el saludo. */
    public String entra(String nombre) throws IOException {
        espera(linea -> linea.startsWith("¿Cómo te llamas?"));
        di(nombre);
        return espera(linea -> linea.startsWith("* Hola, " + nombre));
    }

    public void di(String texto) throws IOException {
        escribe(Lineas.bytesDe(texto));
    }

    public String espera(String trozo) {
        return espera(linea -> linea.contains(trozo));
    }

    /** La primera línea, de las no miradas, que cumple; IllegalStateException si en un minuto no llega. */
    public String espera(Predicate<String> cumple) {
        long limite = System.nanoTime() + ESPERA_MS * 1_000_000;
        synchronized (lineas) {
            while (true) {
                while (visto < lineas.size()) {
                    String linea = lineas.get(visto++);
                    if (cumple.test(linea)) {
                        return linea;
                    }
                }
                long resto = (limite - System.nanoTime()) / 1_000_000;
                if (fin || resto <= 0) {
                    String ultima = lineas.isEmpty() ? "nada" : lineas.get(lineas.size() - 1);
                    String motivo = fin ? "la conexión se cerró" : "se acabó el tiempo";
                    throw new IllegalStateException("no llegó lo esperado (" + motivo + "); lo último: " + ultima);
                }
                duerme(resto);
            }
        }
    }

    @Override
    public void close() {
        try {
            enchufe.close();
            lector.join(5000);
        } catch (IOException yaCerrado) {
            // Cerrar lo cerrado no es un problema.
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
        }
    }

    /** Se llama con cada línea, en el hilo que lee. */
    protected void alLeer(String linea) throws IOException {}

    protected final synchronized void escribe(byte[] bytes) throws IOException {
        enchufe.getOutputStream().write(bytes);
    }

    private void lee() {
        Lineas corte = new Lineas(65_536);
        byte[] trozo = new byte[4096];
        try {
            InputStream entrada = enchufe.getInputStream();
            for (int leidos; (leidos = entrada.read(trozo)) >= 0; ) {
                for (String linea : corte.mete(trozo, leidos)) {
                    recibe(linea);
                }
            }
        } catch (IOException | LineaLarga cortado) {
            // Da igual por qué: ya no llegará nada más.
        }
        synchronized (lineas) {
            fin = true;
            lineas.notifyAll();
        }
    }

    private void recibe(String linea) throws IOException {
        synchronized (lineas) {
            if (lineas.size() < LINEAS) {
                lineas.add(linea);
            }
            lineas.notifyAll();
        }
        alLeer(linea);
    }

    private void duerme(long ms) {
        try {
            lineas.wait(ms);
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrumpido", interrumpido);
        }
    }
}
