// Una solución de la tarea en Java, como la escribiría un buen alumno. No se reparte a los alumnos.

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

public class Servidor {
    static final int LINEA_BYTES = 4096;
    static final int POR_ENVIAR = 200;
    static final Map<String, Persona> personas = new LinkedHashMap<>();

    static class Persona {
        final Socket enchufe;
        final InputStream entrada;
        final BlockingQueue<String> cola = new LinkedBlockingQueue<>(POR_ENVIAR);

        Persona(Socket enchufe) throws IOException {
            this.enchufe = enchufe;
            this.entrada = enchufe.getInputStream();
        }

        /** La siguiente línea, o null si se va. Se corta por bytes y se traduce después. */
        String lee() throws IOException {
            ByteArrayOutputStream linea = new ByteArrayOutputStream();
            for (int b; (b = entrada.read()) >= 0; ) {
                if (b == '\n') {
                    return linea.toString(StandardCharsets.UTF_8);
                }
                linea.write(b);
                if (linea.size() > LINEA_BYTES) {
                    return null;
                }
            }
            return null;
        }

        void envia(String texto) throws IOException {
            enchufe.getOutputStream().write((texto + "\n").getBytes(StandardCharsets.UTF_8));
        }

        void escribe() {
            try {
                while (true) {
                    envia(cola.take());
                }
            } catch (IOException | InterruptedException seFue) {
                corta();
            }
        }

        void corta() {
            try {
                enchufe.close();
            } catch (IOException yaCerrado) {
            }
        }
    }

    static void aTodos(String texto) {
        synchronized (personas) {
            for (Persona persona : personas.values()) {
                if (!persona.cola.offer(texto)) {
                    persona.corta();
                }
            }
        }
    }

    static String bautiza(Persona persona) throws IOException {
        persona.envia("¿Cómo te llamas?");
        for (String nombre; (nombre = persona.lee()) != null; ) {
            nombre = nombre.strip();
            synchronized (personas) {
                if (!nombre.isEmpty() && !personas.containsKey(nombre)) {
                    personas.put(nombre, persona);
                    return nombre;
                }
            }
            persona.envia("* Ese nombre no vale. ¿Cómo te llamas?");
        }
        return null;
    }

    static void atiende(Socket enchufe) {
        String nombre = null;
        try (enchufe) {
            Persona persona = new Persona(enchufe);
            nombre = bautiza(persona);
            if (nombre == null) {
                return;
            }
            hilo(persona::escribe);
            aTodos("* " + nombre + " entra");
            for (String linea; (linea = persona.lee()) != null; ) {
                aTodos("<" + nombre + "> " + linea);
            }
        } catch (IOException seCorto) {
        } finally {
            if (nombre != null) {
                synchronized (personas) {
                    personas.remove(nombre);
                }
                aTodos("* " + nombre + " se va");
            }
        }
    }

    static void hilo(Runnable tarea) {
        Thread hilo = new Thread(tarea);
        hilo.setDaemon(true);
        hilo.start();
    }

    static void despide() {
        List<Persona> todas; // una copia: al cortar a una, su hilo la quita del mapa
        synchronized (personas) {
            todas = new ArrayList<>(personas.values());
        }
        for (Persona persona : todas) {
            try {
                persona.envia("* El servidor cierra");
            } catch (IOException seFue) {
            }
            persona.corta();
        }
    }

    public static void main(String[] argumentos) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(Servidor::despide));
        int puerto = Integer.parseInt(argumentos[0]);
        try (ServerSocket escucha = new ServerSocket(puerto, 128, InetAddress.getByName("127.0.0.1"))) {
            while (true) {
                Socket enchufe = escucha.accept();
                hilo(() -> atiende(enchufe));
            }
        }
    }
}
