package charla;

import java.io.IOException;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lo que se arranca desde fuera: {@code servidor [puerto]}, {@code cliente anfitrion puerto nombre},
 * {@code carga anfitrion puerto clientes frases} (mide) y {@code contienda hilos} (para la grabadora de vuelo).
 */
public final class Principal {
    private Principal() {}

    public static void main(String[] orden) throws Exception {
        switch (orden.length == 0 ? "" : orden[0]) {
            case "servidor" -> servidor(orden.length > 1 ? Integer.parseInt(orden[1]) : 0);
            case "cliente" -> cliente(orden[1], Integer.parseInt(orden[2]), orden[3], orden.length > 4);
            case "carga" -> carga(orden[1], Integer.parseInt(orden[2]), Integer.parseInt(orden[3]), Integer.parseInt(orden[4]));
            case "contienda" -> contienda();
            default -> System.err.println("uso: servidor [puerto] | cliente anfitrion puerto nombre | carga ...");
        }
    }

    /** Abierto hasta que se cierre la entrada estándar: así muere con quien lo arrancó. */
    private static void servidor(int puerto) throws IOException {
        try (Servidor servidor = new Servidor(puerto, Servidor.Ajustes.normales(),
                java.util.concurrent.Executors.newCachedThreadPool())) {
            System.out.println(servidor.puerto());
            while (System.in.read() >= 0) {
                // Nada que leer: solo se espera el final.
            }
        }
    }

    /** Entra, dice una frase, espera oír otra de alguien, y sale. */
    private static void cliente(String anfitrion, int puerto, String nombre, boolean irc) throws IOException {
        try (Cliente yo = irc ? new ClienteIrc(anfitrion, puerto, "#tertulia") : new Cliente(anfitrion, puerto)) {
            yo.entra(nombre);
            yo.di("hola desde Java, señora 🎈");
            System.out.println(yo.espera("hola desde Python"));
        }
    }

    /** Muchos clientes; el primero dice frases y todos las oyen. Escribe los milisegundos que tardó. */
    private static void carga(String anfitrion, int puerto, int cuantos, int frases) throws IOException {
        Cliente[] clientes = new Cliente[cuantos];
        long turno = ProcessHandle.current().pid(); // nombres nuevos cada vez: los de antes quizá aún se van
        for (int n = 0; n < cuantos; n++) {
            clientes[n] = new Cliente(anfitrion, puerto);
            clientes[n].entra("j" + turno + "-" + n);
        }
        long comienzo = System.nanoTime();
        for (int n = 0; n < frases; n++) {
            clientes[0].di("frase " + n + ".");
            if (n % 50 == 49 || n == frases - 1) { // al paso de quien lee: que a nadie se le llene su cola
                for (Cliente cliente : clientes) {
                    cliente.espera("frase " + n + ".");
                }
            }
        }
        System.out.println((System.nanoTime() - comienzo) / 1e6);
        for (Cliente cliente : clientes) {
            cliente.close();
        }
    }

    /** Tres hilos con una barrera y un cerrojo, para que la grabadora de vuelo tenga qué contar. */
    private static void contienda() throws InterruptedException {
        Object libreta = new Object();
        CyclicBarrier salida = new CyclicBarrier(3);
        Thread[] hilos = new Thread[3];
        for (int n = 0; n < hilos.length; n++) {
            int puesto = n;
            hilos[n] = new Thread(() -> trabaja(libreta, salida, puesto), new String[] {"ana", "beto", "carla"}[n]);
            hilos[n].start();
        }
        for (Thread hilo : hilos) {
            hilo.join();
        }
    }

    /** Cada uno trabaja sus 80 ms cuando el anterior ya está en la barrera: llegan en orden y de uno en uno. */
    private static void trabaja(Object libreta, CyclicBarrier salida, int puesto) {
        try {
            while (salida.getNumberWaiting() < puesto) {
                Thread.sleep(20);
            }
            Thread.sleep(80);
            salida.await(60, TimeUnit.SECONDS);
            synchronized (libreta) {
                Thread.sleep(120);
            }
        } catch (InterruptedException | BrokenBarrierException | TimeoutException fallo) {
            Thread.currentThread().interrupt();
        }
    }
}
