package charla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineasTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void lasLetrasPartidasSeJuntan(int tamano) throws LineaLarga {
        byte[] datos = "<ana> ¿cañón? 🎈\r\n<beto> sí\n".getBytes(StandardCharsets.UTF_8);
        Lineas lineas = new Lineas();
        List<String> halladas = new ArrayList<>();
        for (int n = 0; n < datos.length; n += tamano) {
            byte[] trozo = Arrays.copyOfRange(datos, n, Math.min(n + tamano, datos.length));
            halladas.addAll(lineas.mete(trozo, trozo.length));
        }
        assertEquals(List.of("<ana> ¿cañón? 🎈", "<beto> sí"), halladas);
    }

    @Test
    void loLargoSeRechaza() throws LineaLarga {
        Lineas lineas = new Lineas(10);
        assertEquals(List.of(), lineas.mete("0123456789".getBytes(StandardCharsets.UTF_8), 10));
        assertThrows(LineaLarga.class, () -> lineas.mete(new byte[] {'x'}, 1));
    }

    @Test
    void unaLineaNoCuelaDos() {
        assertEquals("una dos \n", new String(Lineas.bytesDe("una\ndos\r"), StandardCharsets.UTF_8));
    }
}
