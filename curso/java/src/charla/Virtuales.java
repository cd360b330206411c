package charla;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Hilos virtuales donde los haya (Java 21 o posterior), pedidos por su nombre para poder compilar con Java 17. */
public final class Virtuales {
    private Virtuales() {}

    /** Un fondo con un hilo virtual por tarea, o nada si este Java no los tiene. */
    public static Optional<ExecutorService> fondo() {
        try {
            Object fondo = Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            return Optional.of((ExecutorService) fondo);
        } catch (NoSuchMethodException | IllegalAccessException antiguo) {
            return Optional.empty();
        } catch (InvocationTargetException | UnsupportedOperationException sinActivar) {
            return Optional.empty();
        }
    }
}
