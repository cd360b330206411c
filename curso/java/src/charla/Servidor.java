package charla;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * El servidor de la charla en Java: las mismas piezas que en Python con sus nombres de Java. Un fondo de hilos
 * (ExecutorService), un semáforo de plazas, un programador para los callados, una barrera para abrir y una cola
 * por cliente.
 */
public final class Servidor implements AutoCloseable {
    /** Los límites. Los tiempos, en milisegundos. */
    public record Ajustes(int maximo, long esperaPlaza, long ocioso, int porEnviar) {
        public static Ajustes normales() {
            return new Ajustes(200, 200, 300_000, 100);
        }
    }

    private static final int GUARDA_BYTES = 65_536; // lo que el sistema guarda a quien lee despacio
    private static final long APERTURA_SEGUNDOS = 60; // tarda un instante; en una máquina muy cargada, algo más
    private static final long CIERRE_SEGUNDOS = 30; // basta un instante, si todos leen
    private static final long ADIOS_SEGUNDOS = 60; // lo que se espera a que alguien lea lo último que se le dice
    private static final String FIN = new String("fin"); // se compara con ==: ninguna línea es este objeto

    private final Ajustes ajustes;
    private final ServerSocket escucha;
    private final ExecutorService hilos;
    private final ScheduledExecutorService reloj = // al cerrar, lo que se le pida ya no hace falta
            new ScheduledThreadPoolExecutor(1, Servidor::hilo, new ThreadPoolExecutor.DiscardPolicy());
    private final Semaphore plazas;
    private final Sala sala = new Sala(); // protegida por su propio monitor
    private final Map<Integer, Cliente> clientes = new HashMap<>(); // protegido por el monitor de sala
    private int cuenta;
    private volatile boolean cerrando;

    private static final class Cliente {
        final int numero;
        final Socket enchufe;
        final BlockingQueue<String> cola;
        final CountDownLatch escrito = new CountDownLatch(1); // se abre cuando ya no se le va a escribir más
        ScheduledFuture<?> despedida;
        boolean seDespide; // ya tiene el fin en la cola; protegido por el monitor de sala

        Cliente(int numero, Socket enchufe, int porEnviar) {
            this.numero = numero;
            this.enchufe = enchufe;
            this.cola = new LinkedBlockingQueue<>(porEnviar);
        }
    }

    public Servidor() throws IOException {
        this(0, Ajustes.normales(), Executors.newCachedThreadPool(Servidor::hilo));
    }

    /** Escucha en este puerto de esta máquina (0: el que elija el sistema), con este fondo de hilos. */
    public Servidor(int puerto, Ajustes ajustes, ExecutorService hilos) throws IOException {
        this.ajustes = ajustes;
        this.hilos = hilos;
        this.plazas = new Semaphore(ajustes.maximo());
        this.escucha = new ServerSocket(puerto, 128, InetAddress.getLoopbackAddress());
        CyclicBarrier listo = new CyclicBarrier(2); // quien abre y quien acepta
        hilos.execute(() -> acepta(listo));
        cruza(listo);
    }

    public int puerto() {
        return escucha.getLocalPort();
    }

    public List<String> presentes() {
        synchronized (sala) {
            return sala.presentes();
        }
    }

    /** Deja de aceptar, avisa a todos, espera con límite a que lo lean, y suelta. */
    @Override
    public void close() {
        cerrando = true;
        calla(escucha);
        synchronized (sala) {
            for (int numero : new ArrayList<>(clientes.keySet())) {
                reparte(List.of(new Envio(numero, Sala.CIERRE), new Envio(numero, null)));
            }
        }
        hilos.shutdown();
        reloj.shutdownNow();
        try {
            if (!hilos.awaitTermination(CIERRE_SEGUNDOS, TimeUnit.SECONDS)) {
                hilos.shutdownNow();
                suelta();
            }
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
        }
    }

    /** Quien no lee tiene parado al que le escribe; cerrar su socket lo despierta. */
    private void suelta() {
        synchronized (sala) {
            clientes.values().forEach(cliente -> calla(cliente.enchufe));
        }
    }

    // --- El portero ---------------------------------------------------------------------------------------

    private void acepta(CyclicBarrier listo) {
        cruza(listo);
        while (!cerrando) {
            try {
                recibe(escucha.accept());
            } catch (IOException cerrado) {
                return;
            }
        }
    }

    private void recibe(Socket enchufe) {
        try {
            hilos.execute(() -> recibeA(enchufe));
        } catch (RejectedExecutionException cerrado) {
            calla(enchufe); // llegó cuando ya se cerraba: que no se quede esperando
        }
    }

    private void recibeA(Socket enchufe) {
        try (enchufe) {
            if (!plazas.tryAcquire(ajustes.esperaPlaza(), TimeUnit.MILLISECONDS)) {
                enchufe.getOutputStream().write(Lineas.bytesDe(Sala.LLENA));
                return;
            }
            try {
                atiende(enchufe);
            } finally {
                plazas.release();
            }
        } catch (IOException | RejectedExecutionException cortado) {
            // Se fue antes de entrar, o el servidor acaba de cerrar: no hay a quién decírselo.
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
        }
    }

    // --- Un cliente ---------------------------------------------------------------------------------------

    private void atiende(Socket enchufe) throws IOException {
        enchufe.setTcpNoDelay(true);
        enchufe.setSendBufferSize(GUARDA_BYTES);
        Cliente cliente = alta(enchufe);
        Lineas lineas = new Lineas();
        byte[] trozo = new byte[4096];
        try {
            InputStream entrada = enchufe.getInputStream();
            for (int leidos; (leidos = entrada.read(trozo)) >= 0; ) {
                rearma(cliente);
                for (String linea : lineas.mete(trozo, leidos)) {
                    synchronized (sala) {
                        reparte(sala.recibe(cliente.numero, linea));
                    }
                }
            }
        } catch (LineaLarga larga) {
            despide(cliente, Sala.LARGA);
        } catch (IOException cortado) {
            // Para los demás, cortarse es irse.
        } finally {
            baja(cliente);
        }
    }

    private Cliente alta(Socket enchufe) {
        synchronized (sala) {
            Cliente cliente = new Cliente(++cuenta, enchufe, ajustes.porEnviar());
            hilos.execute(() -> escribe(cliente));
            clientes.put(cliente.numero, cliente);
            reparte(sala.llega(cliente.numero));
            if (cerrando) {
                reparte(List.of(new Envio(cliente.numero, Sala.CIERRE), new Envio(cliente.numero, null)));
            }
            rearma(cliente);
            return cliente;
        }
    }

    private void baja(Cliente cliente) {
        synchronized (sala) {
            reparte(sala.seVa(cliente.numero));
            reparte(List.of(new Envio(cliente.numero, null)));
            clientes.remove(cliente.numero);
        }
        cliente.despedida.cancel(false);
        espera(cliente);
    }

    /** Espera, con límite, a que el que escribe a este cliente haya terminado: después se cierra su socket. */
    private void espera(Cliente cliente) {
        try {
            cliente.escrito.await(ADIOS_SEGUNDOS, TimeUnit.SECONDS);
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
        }
    }

    private void rearma(Cliente cliente) {
        if (cliente.despedida != null) {
            cliente.despedida.cancel(false);
        }
        Runnable adios = () -> despide(cliente, Sala.OCIOSO);
        cliente.despedida = reloj.schedule(adios, ajustes.ocioso(), TimeUnit.MILLISECONDS);
    }

    private void despide(Cliente cliente, String por) {
        synchronized (sala) {
            reparte(List.of(new Envio(cliente.numero, por), new Envio(cliente.numero, null)));
        }
    }

    // --- Lo que sale --------------------------------------------------------------------------------------

    /** Deja cada línea en la cola de su dueño, sin esperar a nadie. Se llama con el monitor de la sala. */
    private void reparte(List<Envio> envios) {
        for (Envio envio : envios) {
            Cliente cliente = clientes.get(envio.a());
            if (cliente == null || cliente.seDespide) {
                continue; // detrás del fin no se pone nada: llenaría la cola de quien aún no ha leído el adiós
            }
            cliente.seDespide = envio.texto() == null;
            if (!cliente.cola.offer(cliente.seDespide ? FIN : envio.texto())) {
                calla(cliente.enchufe); // lee demasiado despacio
            }
        }
    }

    private void escribe(Cliente cliente) {
        try {
            OutputStream salida = cliente.enchufe.getOutputStream();
            for (String texto; (texto = cliente.cola.take()) != FIN; ) {
                salida.write(Lineas.bytesDe(texto));
            }
            cliente.enchufe.shutdownOutput();
            cliente.enchufe.shutdownInput(); // despierta al que lee
        } catch (IOException cortado) {
            calla(cliente.enchufe);
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
        } finally {
            cliente.escrito.countDown();
        }
    }

    private static void calla(AutoCloseable cosa) {
        try {
            cosa.close();
        } catch (Exception yaCerrado) {
            // Cerrar lo cerrado no es un problema.
        }
    }

    private static void cruza(CyclicBarrier barrera) {
        try {
            barrera.await(APERTURA_SEGUNDOS, TimeUnit.SECONDS);
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
        } catch (BrokenBarrierException | TimeoutException rota) {
            throw new IllegalStateException("el portero no llegó a su puerta", rota);
        }
    }

    private static Thread hilo(Runnable tarea) {
        Thread hilo = new Thread(tarea, "charla");
        hilo.setDaemon(true);
        return hilo;
    }
}
