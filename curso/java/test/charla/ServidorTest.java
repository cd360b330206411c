package charla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ServidorTest {
    @Test
    void unaCharla() throws IOException {
        try (Servidor servidor = new Servidor();
                Cliente ana = new Cliente("127.0.0.1", servidor.puerto());
                Cliente beto = new Cliente("127.0.0.1", servidor.puerto())) {
            ana.entra("ana");
            assertEquals("* Hola, beto. Están: ana, beto", beto.entra("beto"));
            beto.di("¿qué tal, señora? 🎈");
            assertEquals("<beto> ¿qué tal, señora? 🎈", ana.espera("<beto>"));
            ana.di("/salir");
            beto.espera("* ana se va");
        }
    }

    @Test
    void byteAByteYDosDeUnaVez() throws IOException {
        try (Servidor servidor = new Servidor();
                Cliente ana = new Cliente("127.0.0.1", servidor.puerto());
                Socket crudo = new Socket("127.0.0.1", servidor.puerto())) {
            ana.entra("ana");
            crudo.getOutputStream().write("beto\nuno\ndos\n".getBytes(StandardCharsets.UTF_8));
            for (byte b : "año\n".getBytes(StandardCharsets.UTF_8)) {
                crudo.getOutputStream().write(new byte[] {b});
                crudo.getOutputStream().flush();
            }
            for (String palabra : List.of("uno", "dos", "año")) {
                ana.espera("<beto> " + palabra);
            }
        }
    }

    @Test
    void quienNoLeeNoParaALosDemas() throws IOException, InterruptedException {
        CountDownLatch ido = new CountDownLatch(1);
        try (Servidor servidor = new Servidor();
                Socket sordo = new Socket();
                Cliente ana = new Cliente("127.0.0.1", servidor.puerto()) {
                    @Override
                    protected void alLeer(String linea) {
                        if (linea.equals("* sordo se va")) {
                            ido.countDown();
                        }
                    }
                }) {
            ana.entra("ana");
            sordo.setReceiveBufferSize(4096);
            sordo.connect(new java.net.InetSocketAddress("127.0.0.1", servidor.puerto()));
            sordo.getOutputStream().write("sordo\n".getBytes(StandardCharsets.UTF_8));
            ana.espera("* sordo entra"); // desde aquí, lo que se diga es también para él
            for (int n = 0; n < 3000; n++) {
                ana.di(n + " " + "x".repeat(900));
                if (n % 50 == 49) {
                    ana.espera("<ana> " + n + " ");
                }
            }
            assertTrue(ido.await(60, TimeUnit.SECONDS));
            ana.di("/quien");
            assertEquals("* Están: ana", ana.espera("* Están: "));
        }
    }

    @Test
    void elQueLlegaDeMasLoSabe() throws IOException {
        Servidor.Ajustes ajustes = new Servidor.Ajustes(1, 50, 300_000, 100);
        try (Servidor servidor = new Servidor(0, ajustes, Executors.newCachedThreadPool());
                Cliente ana = new Cliente("127.0.0.1", servidor.puerto())) {
            ana.entra("ana");
            try (Cliente beto = new Cliente("127.0.0.1", servidor.puerto())) {
                beto.espera("llena");
            }
        }
    }

    @Test
    void alQueCallaYAlQueNoAcabaSeLesDespide() throws IOException {
        Servidor.Ajustes ajustes = new Servidor.Ajustes(200, 200, 50, 100);
        try (Servidor servidor = new Servidor(0, ajustes, Executors.newCachedThreadPool());
                Cliente ana = new Cliente("127.0.0.1", servidor.puerto())) {
            ana.espera("mucho tiempo en silencio");
        }
        try (Servidor servidor = new Servidor(); Cliente ana = new Cliente("127.0.0.1", servidor.puerto())) {
            ana.entra("ana");
            ana.di("x".repeat(5000));
            ana.espera("demasiado larga");
        }
    }

    /** Que los demás se vayan mientras tanto no llena la cola de quien ya tiene en ella su despedida. */
    @Test
    void elAdiosLlegaTambienAQuienLoLeeElUltimo() throws IOException {
        Servidor.Ajustes hastaElAdios = new Servidor.Ajustes(200, 200, 300_000, 4); // pregunta, saludo, cierre y fin
        try (Servidor servidor = new Servidor(0, hastaElAdios, new ConUnoLento());
                Cliente ana = new Cliente("127.0.0.1", servidor.puerto())) {
            ana.entra("ana");
            try (Cliente beto = new Cliente("127.0.0.1", servidor.puerto())) {
                beto.entra("beto");
                try (Cliente lento = new Cliente("127.0.0.1", servidor.puerto())) {
                    lento.di("carla");
                    ana.espera("* carla entra");
                    beto.espera("* carla entra");
                    servidor.close();
                    for (Cliente cliente : List.of(ana, beto, lento)) {
                        cliente.espera("* El servidor cierra");
                    }
                }
            }
        }
    }

    /** Lo último que se le dice a alguien le llega, aunque quien se lo escribe empiece tarde. */
    @Test
    void alQueNoAcabaSeLeDespideAunqueSeLeEscribaTarde() throws IOException {
        CountDownLatch tarde = new CountDownLatch(1);
        ThreadPoolExecutor hilos = new ThreadPoolExecutor(0, 3, 60, TimeUnit.SECONDS, new SynchronousQueue<>()) {
            private final AtomicInteger tareas = new AtomicInteger();

            @Override
            public void execute(Runnable tarea) {
                boolean escribe = tareas.incrementAndGet() == 3; // el portero, el que lee, el que escribe
                super.execute(() -> {
                    if (escribe) {
                        espera(tarde, 3);
                    }
                    tarea.run();
                });
            }
        };
        try (Servidor servidor = new Servidor(0, Servidor.Ajustes.normales(), hilos);
                Cliente ana = new Cliente("127.0.0.1", servidor.puerto())) {
            ana.di("x".repeat(5000));
            ana.espera("demasiado larga");
        }
    }

    /** Nadie lo abre: solo se hace esperar ese rato. */
    private static void espera(CountDownLatch nunca, int segundos) {
        try {
            nunca.await(segundos, TimeUnit.SECONDS);
        } catch (InterruptedException interrumpido) {
            Thread.currentThread().interrupt();
        }
    }

    /** Las tareas son: el portero, y el que lee y el que escribe de cada uno. La última espera a dos que leen. */
    private static final class ConUnoLento extends ThreadPoolExecutor {
        private static final int ULTIMA = 7;
        private final AtomicInteger tareas = new AtomicInteger();
        private final Semaphore idos = new Semaphore(0);

        ConUnoLento() {
            super(0, 10, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
        }

        @Override
        public void execute(Runnable tarea) {
            int n = tareas.incrementAndGet();
            super.execute(() -> {
                if (n == ULTIMA) {
                    idos.acquireUninterruptibly(2);
                }
                tarea.run();
                if (n % 2 == 0) {
                    idos.release();
                }
            });
        }
    }

    @Test
    void cienYAlCerrarSeDespide() throws IOException {
        List<Cliente> gente = new ArrayList<>();
        try (Servidor servidor = new Servidor()) {
            for (int n = 0; n < 100; n++) {
                gente.add(new Cliente("127.0.0.1", servidor.puerto()));
                gente.get(n).entra("c" + n);
            }
            gente.get(0).di("¿estamos todos?");
            for (Cliente cliente : gente) {
                cliente.espera("<c0> ¿estamos todos?");
            }
            assertTrue(servidor.presentes().size() == 100);
        }
        for (Cliente cliente : gente) {
            cliente.espera("* El servidor cierra");
            cliente.close();
        }
        assertThrows(IllegalStateException.class, () -> gente.get(0).espera("nada más"));
    }
}
