using SaeNotebooks.Hooks;

namespace SaeNotebooks.Tests.Hooks;

public class HookNameTests
{
    [Fact]
    public void EveryNameParsesBackToItself()
    {
        foreach (var point in Enum.GetValues<HookPoint>())
        {
            var name = new HookName(point, 11);
            Assert.Equal(name, HookName.Parse(name.ToString()));
        }
        Assert.Equal("blocks.4.hook_resid_post", Hook.ResidPost(4).ToString());
        Assert.Equal("blocks.0.attn.hook_rot_q", Hook.RotQ(0).ToString());
        Assert.Equal("ln_final.hook_normalized", Hook.LnFinalNormalized.ToString());
        Assert.Equal(default, Hook.Embed);
    }

    [Theory]
    [InlineData("blocks.4.hook_resid_pots", "blocks.4.hook_resid_post")]
    [InlineData("blocks.2.attn.pattern", "blocks.2.attn.hook_pattern")]
    [InlineData("hook_embd", "hook_embed")]
    public void AMisspeltNameIsAnsweredWithItsNeighbours(string misspelt, string meant)
    {
        Assert.False(HookName.TryParse(misspelt, out _));
        Assert.Contains($"'{meant}'", Assert.Throws<FormatException>(() => HookName.Parse(misspelt)).Message);
    }

    [Theory]
    [InlineData("blocks.-1.hook_resid_post"), InlineData("blocks.4"), InlineData("hook_resid_post"), InlineData("blocks.0.hook_embed"), InlineData("")]
    public void OtherTextIsNoHook(string text) => Assert.False(HookName.TryParse(text, out _));

    [Fact]
    public void HooksSortInTheOrderOfEvaluation()
    {
        HookSet set = [Hook.LnFinalScale, Hook.ResidPost(0), Hook.Z(1), Hook.Embed, Hook.ResidPre(0), Hook.ResidPre(0)];
        Assert.Equal([Hook.Embed, Hook.ResidPre(0), Hook.ResidPost(0), Hook.Z(1), Hook.LnFinalScale], set);
    }
}
