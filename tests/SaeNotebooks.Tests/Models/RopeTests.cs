using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;

namespace SaeNotebooks.Tests.Models;

public class RopeTests
{
    /// <summary>Frequencies as the reference scaled them; partial in GPT-NeoX. Those of Gemma 3 follow from its parity alone.</summary>
    [Theory]
    [InlineData("llama", 12, "rope_theta"), InlineData("gpt_neox", 4, "rotary_emb_base"), InlineData("qwen3", 16, "rope_theta")]
    public void FrequenciesAreThoseOfTheReference(string family, int width, string theta)
    {
        using var golden = new Golden(family);
        using var expected = golden.Read("rope.inv_freq");
        foreach (var file in new[] { "config.json", "config.v5.json" })
        {
            var rope = RopeFrequencies.Read(ConfigJson.Load(Golden.PathOf(family, file)), width, theta);
            Assert.Equal(expected.numel(), rope.InverseFrequencies.Length);
            foreach (var (e, a) in expected.data<float>().ToArray().Zip(rope.InverseFrequencies)) Assert.Equal(e, a, e * 1e-6);
        }
    }
}
