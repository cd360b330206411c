package charla;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SalaTest {
    private final Sala sala = new Sala();

    @BeforeEach
    void dosDentro() {
        sala.llega(0);
        sala.recibe(0, "ana");
        sala.llega(1);
        sala.recibe(1, " beto ");
    }

    @Test
    void sePreguntaYSeAnuncia() {
        assertEquals(List.of(new Envio(2, Sala.PREGUNTA)), sala.llega(2));
        List<Envio> envios = sala.recibe(2, "carla");
        assertEquals("* Hola, carla. Están: ana, beto, carla", envios.get(0).texto());
        assertEquals(List.of(new Envio(0, "* carla entra"), new Envio(1, "* carla entra")), envios.subList(1, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "2ana", "ana maría", "xxxxxxxxxxxxxxxxxxxxx", "<ana>", "ANA"})
    void unNombreQueNoValeSeVuelveAPedir(String nombre) {
        sala.llega(2);
        List<Envio> envios = sala.recibe(2, nombre);
        assertEquals(new Envio(2, Sala.PREGUNTA), envios.get(envios.size() - 1));
        assertEquals(List.of("ana", "beto"), sala.presentes());
    }

    @Test
    void loDichoLlegaATodos() {
        assertEquals(List.of(new Envio(0, "<ana> hola"), new Envio(1, "<ana> hola")), sala.recibe(0, "hola"));
        assertEquals(List.of(), sala.recibe(0, "  "));
        assertEquals(List.of(new Envio(1, "* Están: ana, beto")), sala.recibe(1, "/quien"));
    }

    @Test
    void irseSeCuentaUnaVez() {
        assertEquals(3, sala.recibe(0, "/salir").size());
        assertEquals(List.of(), sala.seVa(0));
        assertEquals(List.of(), sala.recibe(0, "¿sigo?"));
    }
}
